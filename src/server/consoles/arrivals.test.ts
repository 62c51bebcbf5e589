import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { Arrivals } from './arrivals.ts'

it('counts from when a tab first came, over a reload, and anew after a longer absence', () => {
  const clock = new ManualClock()
  const arrivals = new Arrivals(clock)
  arrivals.came('ada')
  clock.advance(100_000)
  expect([arrivals.ageOf('ada'), arrivals.ageOf('bob')]).toEqual([100_000, 0])
  arrivals.left('ada')
  clock.advance(1_000)
  arrivals.came('ada')
  clock.advance(1_000)
  expect(arrivals.ageOf('ada')).toBe(102_000)
  arrivals.left('ada')
  clock.advance(61_000)
  arrivals.came('ada')
  clock.advance(5)
  expect(arrivals.ageOf('ada')).toBe(5)
})
