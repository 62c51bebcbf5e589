import { expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

it('lets others have their turn, and keeps the order', async () => {
  const items = Array.from({ length: 501 }, (_, at) => at)
  let made = 0
  const seen = new Set<number>()
  const watch = () => {
    seen.add(made)
    if (made < items.length) setImmediate(watch)
  }
  setImmediate(watch)
  const result = await inTurns(items, (item) => {
    made += 1
    return item * 2
  })
  expect(result).toEqual(items.map((item) => item * 2))
  expect(seen.size).toBeGreaterThanOrEqual(10)
})

it('rejects with what was thrown', async () => {
  await expect(
    inTurns(Array.from({ length: 200 }), () => {
      throw new Error('not as documented')
    }),
  ).rejects.toThrow('not as documented')
  await expect(inTurns([], () => 1)).resolves.toEqual([])
})
