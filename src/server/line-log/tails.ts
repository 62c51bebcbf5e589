import type { Now } from '../../shared/clock.ts'
import type { WhySeam } from '../../shared/relay-protocol.ts'
import type { LineReader, LineTail } from './store/store.ts'

/** The tail begins at a line's start, if there is one in its first bytes. */
const LINE_START_WITHIN = 4 * 1024

/** Reads what ends at `to` without a gap, and begins at `from` at the earliest. */
export async function readTo(
  to: number,
  from: number,
  reader: LineReader,
): Promise<{ from: number; bytes: Buffer }> {
  let next = Math.max(0, from, reader.start)
  let start = next
  let parts: Buffer[] = []
  while (next < to) {
    const { at, bytes } = await reader.read(next, to - next)
    if (bytes.length === 0 || at >= to) return { from: to, bytes: Buffer.alloc(0) }
    if (at !== next) {
      parts = []
      start = at
    }
    parts.push(bytes)
    next = at + bytes.length
  }
  return { from: start, bytes: Buffer.concat(parts).subarray(0, to - start) }
}

/**
 * Why nobody listened before this session, and for how long.
 * @param lastSeen when the process before this one was last seen, in epoch ms; null: nobody knows
 */
export function sinceListened(tail: LineTail, lastSeen: number | null, wall: Now): [WhySeam, number | null] {
  const last = tail.marks.findLast(({ mark }) => mark.kind === 'session')
  if (last?.mark.kind !== 'session') return ['not-watched', null]
  const since = (time: number) => Math.max(0, wall.now() - time)
  switch (last.mark.state) {
    case 'ended':
      return ['not-watched', since(last.time)]
    case 'restarting':
      return ['restarted', since(last.time)]
    case 'on':
      // It was killed. Nobody wrote down when.
      return ['restarted', lastSeen === null ? null : since(Math.max(lastSeen, last.time, tail.lastAt))]
  }
}

/** Cuts off the rest of a line, unless that is long. */
export function fromLineStart<T extends { from: number; bytes: Buffer } | null>(tail: T): T {
  if (!tail || tail.from === 0) return tail
  const newline = tail.bytes.subarray(0, LINE_START_WITHIN).indexOf('\n')
  return { ...tail, from: tail.from + newline + 1, bytes: tail.bytes.subarray(newline + 1) }
}
