import { expect, it } from 'vitest'
import { LinkBudget } from './budget.ts'

const HOUR = 3_600_000

/** Takes as soon as it may, each time. */
function greedy(perHour: number, links: number, start = 0): number[] {
  const budget = new LinkBudget(perHour)
  const taken: number[] = []
  for (let now = start; taken.length < links; ) {
    now = budget.freeAt(now)
    budget.take(now)
    taken.push(now)
  }
  return taken
}

it.each([1, 2, 3, 10, 101])('never gives more than %i in any hour, and all of them', (perHour) => {
  const taken = greedy(perHour, perHour * 5, 12_345)
  expect(taken).toEqual(taken.toSorted((a, b) => a - b))
  for (const [index, at] of taken.entries())
    expect((taken[index + perHour] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThanOrEqual(HOUR)
  expect((taken.at(-1) ?? 0) - 12_345).toBeLessThan(5 * HOUR + 1_000)
})

it('gives half of them at once, and the others one by one', () => {
  const taken = greedy(100, 500)
  const gaps = taken.slice(1).map((at, index) => at - (taken[index] ?? 0))
  expect(gaps.slice(0, 49)).toEqual(Array.from({ length: 49 }, () => 0))
  expect(gaps.slice(49, 99)).toEqual(Array.from({ length: 50 }, () => HOUR / 100))
  // From the second hour on they are even.
  expect([Math.min(...gaps.slice(100)), Math.max(...gaps.slice(100))]).toEqual([HOUR / 100, HOUR / 100])
})

it('gives at once what was not used', () => {
  const budget = new LinkBudget(10)
  for (let link = 0; link < 10; link++) budget.take(0)
  expect(budget.freeAt(HOUR - 1)).toBe(HOUR)
  expect(budget.freeAt(HOUR)).toBe(HOUR)
})
