import type { LogReader } from '../store/store.ts'

/**
 * When each byte came, epoch ms. Many come at once, so this asks for the first and the last, and for those between only
 * where they differ.
 * @param offsets in order
 */
export async function timesOf(
  reader: Pick<LogReader, 'timeOf'>,
  offsets: readonly number[],
): Promise<number[]> {
  const times: number[] = new Array(offsets.length).fill(0)
  const ask = async (index: number) => {
    times[index] = await reader.timeOf(offsets[index] ?? 0)
  }
  const between = async (first: number, last: number): Promise<void> => {
    if (last - first < 2) return
    if (times[first] === times[last]) {
      times.fill(times[first] ?? 0, first, last)
      return
    }
    const middle = (first + last) >> 1
    await ask(middle)
    await between(first, middle)
    await between(middle, last)
  }
  if (offsets.length === 0) return times
  await ask(0)
  await ask(offsets.length - 1)
  await between(0, offsets.length - 1)
  return times
}
