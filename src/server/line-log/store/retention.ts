import type { StoredLine } from './stored-line.ts'

const MIB = 1024 * 1024
const DAY_MS = 24 * 60 * 60 * 1000
const LARGEST_SEGMENT = 16 * MIB
const SMALLEST_SEGMENT = 64 * 1024
/** A limit is kept to within such a part of it, since whole segments go. */
const PARTS = 8

/** How much is kept of one line. */
export interface LineLimits {
  days: number
  lineMib: number
}

/** How much is kept of all, and of each line. */
export interface Limits extends LineLimits {
  totalMib: number
  /** For lines with limits of their own. Absent: all have the same. */
  limitsOf?: (serverId: string) => LineLimits
}

const limitsOf = ({ line }: StoredLine, limits: Limits): LineLimits =>
  limits.limitsOf?.(line.server.id) ?? limits

/** How large a line's segment gets, so that few bytes go when the oldest one goes. */
export function segmentBytes(line: StoredLine, limits: Limits, lines: number): number {
  const { totalMib } = limits
  const { lineMib } = limitsOf(line, limits)
  const share = Math.min(lineMib, totalMib / Math.max(1, lines)) * MIB
  return Math.max(SMALLEST_SEGMENT, Math.min(LARGEST_SEGMENT, Math.floor(share / PARTS)))
}

/** How large a file of the journal gets. There are about eight, and together they are an eighth of the whole at most. */
export const journalBytes = ({ totalMib }: Limits): number =>
  Math.max(SMALLEST_SEGMENT, Math.min(LARGEST_SEGMENT, Math.floor((totalMib * MIB) / PARTS / PARTS)))

/** A line whose oldest segment goes. */
type Drop = (line: StoredLine) => Promise<number>

/** Takes the oldest segments away, until the limits are kept. */
export async function sweep(
  lines: readonly StoredLine[],
  limits: Limits,
  now: number,
  drop: Drop,
): Promise<void> {
  const most = limits.totalMib * MIB - PARTS * journalBytes(limits)
  let total = 0
  for (const line of lines) {
    const { days, lineMib } = limitsOf(line, limits)
    const before = now - days * DAY_MS
    while (isOlder(line, before) || line.segments.diskBytes > lineMib * MIB) {
      if ((await drop(line)) === 0) break
    }
    total += line.segments.diskBytes
  }
  // The last words of a quiet line are worth more than a day of a busy one.
  const spared = total > most ? await dropOldest(lines, total - most, drop, 'keep-last') : 0
  if (total - spared > most) await dropOldest(lines, total - spared - most, drop)
}

/**
 * Takes the oldest segments of all lines away, until so many bytes are free.
 * @param last whether a line's only segment may go
 * @returns how many became free
 */
export async function dropOldest(
  lines: readonly StoredLine[],
  bytes: number,
  drop: Drop,
  last: 'keep-last' | 'drop-last' = 'drop-last',
): Promise<number> {
  const least = last === 'keep-last' ? 1 : 0
  const left = new Set(lines.filter(({ segments }) => segments.list.length > least))
  let free = 0
  while (free < bytes) {
    let oldest: StoredLine | null = null
    for (const line of left) if (!oldest || ageOf(line) < ageOf(oldest)) oldest = line
    if (!oldest) break
    const dropped = await drop(oldest)
    if (dropped === 0 || oldest.segments.list.length <= least) left.delete(oldest)
    free += dropped
  }
  return free
}

/** @returns when the newest byte of its oldest segment came */
const ageOf = ({ segments }: StoredLine) => segments.list[0]?.lastAt ?? Number.POSITIVE_INFINITY

const isOlder = (line: StoredLine, before: number) =>
  line.segments.list.some(({ bytes }) => bytes > 0) && ageOf(line) < before

/** Nothing of it is kept, nothing was said for long, and nobody writes it. */
export const isForgotten = (line: StoredLine, limits: Limits, now: number) =>
  !line.writing &&
  line.backlog.empty &&
  line.start === line.end &&
  line.lastAt < now - limitsOf(line, limits).days * DAY_MS
