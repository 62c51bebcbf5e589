import type { Run } from './backlog.ts'
import type { Segment, Segments } from './segments.ts'
import type { HeldReader, LineReader, Stretch } from './store.ts'

/** So much is copied at once. */
const PIECE_BYTES = 1024 * 1024
/** A segment of which more is held moves as it is, since a copy would cost more than it spares. */
const MOVED_FROM = 0.75

/**
 * What recordings hold of a line and its log has let go. These are segments of their own, so that the log ends where its
 * limits say, and a recording takes little more than its own bytes.
 */
export class HeldSegments {
  readonly segments: Segments

  constructor(segments: Segments) {
    this.segments = segments
  }

  /**
   * Takes over what is held of the log's oldest segment, which goes then.
   * @param held in order
   * @param copy false: the segment moves as it is, and the disk needs no room for a copy
   * @returns how much less the log has, and how much less the disk
   */
  async takeOldest(
    log: Segments,
    held: readonly Stretch[],
    copy: boolean,
  ): Promise<{ gone: number; free: number }> {
    const [oldest] = log.list
    if (!oldest) return { gone: 0, free: 0 }
    const end = oldest.from + oldest.bytes
    const parts = held
      .map(({ from, to }) => ({ from: Math.max(from, oldest.from), to: Math.min(to, end) }))
      .filter(({ from, to }) => to > from)
    const bytes = parts.reduce((sum, { from, to }) => sum + to - from, 0)
    if (bytes === 0) {
      const gone = await log.dropOldest()
      return { gone, free: gone }
    }
    const before = this.segments.diskBytes
    await this.segments.make()
    if (!copy || bytes >= oldest.bytes * MOVED_FROM) await this.segments.adopt(log, oldest)
    else for (const part of parts) await this.#copy(log, oldest, part)
    const gone = await log.dropOldest()
    return { gone, free: gone - (this.segments.diskBytes - before) }
  }

  /** Lets go of what is held no more. */
  async release(held: readonly Stretch[]): Promise<void> {
    for (const segment of [...this.segments.list]) {
      if (!isHeld(segment, held)) await this.segments.remove(segment)
    }
  }

  async #copy(log: Segments, segment: Segment, { from, to }: Stretch): Promise<void> {
    const { times, marks } = await log.index(segment)
    const end = segment.from + segment.bytes
    // A process that was killed may have copied some of it.
    let at = Math.max(from, this.segments.end)
    let isNew = true
    while (at < to) {
      const bytes = await log.read(segment, at, Math.min(PIECE_BYTES, to - at))
      if (!bytes) return
      const next = at + bytes.length
      const time = times.findLast((one) => one.at <= at)?.time ?? segment.firstAt
      const run: Run = {
        at,
        bytes: bytes.length,
        pages: [bytes],
        times: [{ at, time }, ...times.filter((one) => one.at > at && one.at < next)],
        marks: marks.filter((mark) => mark.at >= at && (mark.at < next || (next === end && mark.at === end))),
      }
      // A recording has segments of its own, so that all of it goes with it.
      await this.segments.add(run, run.times.at(-1)?.time ?? time, isNew ? 0 : Number.POSITIVE_INFINITY)
      isNew = false
      at = next
    }
  }
}

/** Gives a line what is held, and nothing else. */
export function appendHeld(
  line: { readonly end: number; append(bytes: Buffer, time: number): void; skip(bytes: number): void },
  held: readonly Stretch[],
  bytes: Buffer,
  time: number,
): void {
  const { end } = line
  let done = 0
  // Most lines have many stretches of which the newest one counts.
  const first = held.findLastIndex(({ to }) => to <= end) + 1
  for (const { from, to } of held.slice(first)) {
    const start = Math.max(done, Math.min(bytes.length, from - end))
    if (start > done) line.skip(start - done)
    done = Math.max(start, Math.min(bytes.length, to - end))
    line.append(bytes.subarray(start, done), time)
  }
  if (done < bytes.length) line.skip(bytes.length - done)
}

/** @returns whether somebody holds something of it */
export const isHeld = ({ from, bytes }: Pick<Segment, 'from' | 'bytes'>, held: readonly Stretch[]): boolean =>
  held.some((stretch) => stretch.from < from + bytes && stretch.to > from)

/** Reads what is held, and what the log has of the same line. */
export function heldReader(line: LineReader & { held: HeldSegments }): HeldReader {
  const { segments } = line.held
  const behind = (offset: number) => segments.list.find(({ from, bytes }) => from + bytes > offset)
  return {
    get end() {
      return line.end
    },
    async read(from, most) {
      for (;;) {
        const segment = behind(from)
        const inLog = segment && segment.from <= from ? null : await line.read(from, most)
        // What the log let go of meanwhile is here now.
        if (inLog && inLog.at > from && behind(from) !== segment) continue
        if (!segment || (inLog && inLog.bytes.length > 0 && inLog.at <= segment.from)) {
          return inLog ?? { at: line.end, bytes: Buffer.alloc(0) }
        }
        const at = Math.max(from, segment.from)
        const bytes = await segments.read(segment, at, most)
        if (bytes) return { at, bytes }
        // It went meanwhile. If it is damaged, what follows is still good.
        if (segments.list.includes(segment)) from = segment.from + segment.bytes
      }
    },
    async marks(from, to) {
      const found = await line.marks(from, to)
      for (const segment of segments.list) {
        if (segment.from > to || segment.from + segment.bytes < from) continue
        const { marks } = await segments.index(segment)
        found.push(...marks.filter(({ at }) => at >= from && at <= to))
      }
      return found.sort((one, other) => one.at - other.at)
    },
    async timeOf(offset) {
      const segment = behind(offset)
      if (!segment || segment.from > offset) return line.timeOf(offset)
      return (await segments.index(segment)).timeOf(offset) ?? segment.firstAt
    },
  }
}
