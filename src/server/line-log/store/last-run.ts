interface Piece {
  from: number
  bytes: number
}

/**
 * The newest bytes that follow each other without a gap, in pieces that are in order and may overlap.
 * @returns null: there are no bytes. `end` is before a gap, if that is the last thing.
 */
export function lastRun(all: readonly Piece[]): { from: number; end: number } | null {
  const pieces = all.filter(({ bytes }) => bytes > 0)
  const last = pieces.at(-1)
  if (!last) return null
  let start = last.from
  for (const { from, bytes } of pieces.toReversed()) if (from < start && from + bytes >= start) start = from
  return { from: start, end: last.from + last.bytes }
}
