import { z } from 'zod'
import type { HeardStretch } from '../../shared/heard-times.ts'
import { LogMark } from '../../shared/line-log.ts'
import type { Store, TailPiece } from '../store/store.ts'
import type { LineTail, PlacedMark } from './store/store.ts'

const offset = z.number().int().nonnegative()

/** What a piece of a line's tail says besides its bytes: marks, and when the bytes were heard */
const Facts = z.object({
  marks: z.array(z.object({ at: offset, time: z.number(), mark: LogMark })).default([]),
  times: z.array(z.object({ at: offset, time: z.number() })).default([]),
})

/** @returns null: there is nothing to say */
export function factsOf(marks: readonly PlacedMark[], times: readonly HeardStretch[]): string | null {
  if (marks.length === 0 && times.length === 0) return null
  return JSON.stringify({ ...(marks.length > 0 && { marks }), ...(times.length > 0 && { times }) })
}

/**
 * What the owner of a line before this one left, without a gap among its bytes.
 * @param name of the line's lease, which must be held: then nobody writes any more
 * @returns null if nothing is kept
 * @throws StoreError
 */
export async function readSharedTail(store: Pick<Store, 'readTail'>, name: string): Promise<LineTail | null> {
  return tailOf(await store.readTail(name))
}

/** Puts pieces together: the last run of bytes, and all marks. */
export function tailOf(pieces: readonly TailPiece[]): LineTail | null {
  if (pieces.length === 0) return null
  const marks: PlacedMark[] = []
  let run: { from: number; end: number; parts: Buffer[]; times: HeardStretch[] } | null = null
  let lastAt = 0
  for (const { at, bytes, facts } of pieces) {
    const said = read(facts)
    marks.push(...said.marks)
    if (!run || at > run.end) run = { from: at, end: at, parts: [], times: [] }
    if (at + bytes.length <= run.end) continue
    const fresh = bytes.subarray(run.end - at)
    run.parts.push(fresh)
    run.end += fresh.length
    run.times.push(...said.times)
    lastAt = Math.max(lastAt, ...said.times.map(({ time }) => time))
  }
  if (!run) return null
  const { from, parts, times } = run
  return { from, bytes: Buffer.concat(parts), marks, times, lastAt }
}

/** Facts of a newer version that this one cannot read cost the marks, and no bytes. */
function read(facts: string | null): z.infer<typeof Facts> {
  if (facts === null) return { marks: [], times: [] }
  try {
    return Facts.parse(JSON.parse(facts))
  } catch {
    return { marks: [], times: [] }
  }
}
