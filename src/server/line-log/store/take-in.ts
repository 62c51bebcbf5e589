import type { LineTail, PlacedMark } from './store.ts'

/** A line that gets what another process kept of it */
interface Taking {
  readonly end: number
  append(bytes: Buffer, time: number): void
  mark(mark: PlacedMark['mark'], time: number): void
  /** So many bytes came that are not here. */
  skip(bytes: number): void
}

/** The offset after a tail's last byte */
export const endOf = ({ from, bytes }: Pick<LineTail, 'from' | 'bytes'>): number => from + bytes.length

/**
 * Gives a line what it lacks of a tail that others kept of it, with a gap where that has too little.
 * @param known the marks that the line has at its end
 */
export function takeIn(line: Taking, left: LineTail, known: readonly PlacedMark[]): void {
  const begun = line.end
  const end = endOf(left)
  if (end < begun) return
  const has = new Set(known.map((mark) => JSON.stringify(mark)))
  const marks = left.marks.filter((mark) => mark.at >= begun && !has.has(JSON.stringify(mark)))
  if (end === begun && marks.length === 0) return
  line.skip(Math.max(0, left.from - begun))
  for (const { at, time, mark } of marks) {
    appendTo(line, left, at)
    line.mark(mark, time)
  }
  appendTo(line, left, end)
}

/** Each stretch with its own time */
function appendTo(line: Taking, { from, bytes, times, lastAt }: LineTail, to: number): void {
  while (line.end < to) {
    const at = line.end
    const index = times.findLastIndex((one) => one.at <= at)
    const next = Math.min(to, times[index + 1]?.at ?? to)
    line.append(bytes.subarray(at - from, next - from), times[index]?.time ?? lastAt)
  }
}
