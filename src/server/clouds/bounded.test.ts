import { expect, it } from 'vitest'
import { mapBounded } from './bounded.ts'

it('has never more at work than the limit, and keeps the order', async () => {
  let [now, most] = [0, 0]
  const double = async (item: number) => {
    now += 1
    most = Math.max(most, now)
    // The later ones are done first.
    for (let turn = item; turn < 20; turn++) await Promise.resolve()
    now -= 1
    return item * 2
  }
  const items = Array.from({ length: 20 }, (_, index) => index)
  expect(await mapBounded(items, 8, double)).toEqual(items.map((item) => item * 2))
  expect(most).toBe(8)
  expect(await mapBounded([], 8, double)).toEqual([])
})

it('fails with the first that fails', async () => {
  const fail = async (item: number) => {
    if (item === 2) throw new Error('two')
    return item
  }
  await expect(mapBounded([1, 2, 3], 2, fail)).rejects.toThrow('two')
})
