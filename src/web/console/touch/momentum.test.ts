import { expect, it } from 'vitest'
import { Momentum, RowsOf } from './momentum.ts'

it('goes on in the same direction, ever more slowly, and stands', () => {
  const momentum = new Momentum(-2, 1_000)
  const steps: number[] = []
  let time = 1_000
  for (;;) {
    time += 16
    const by = momentum.next(time)
    if (by === null) break
    steps.push(by)
  }
  expect(steps.every((by) => by < 0)).toBe(true)
  expect(steps.every((by, index) => index === 0 || by > (steps[index - 1] ?? 0))).toBe(true)
  expect(time - 1_000).toBeLessThan(2_000)
  expect(steps.reduce((sum, by) => sum + by, 0)).toBeCloseTo(-645, -1)
})

it('goes as far when frames are late', () => {
  const momentum = new Momentum(2, 0)
  const far = momentum.next(800) ?? 0
  const steady = new Momentum(2, 0)
  let sum = 0
  for (let time = 16; time <= 800; time += 16) sum += steady.next(time) ?? 0
  expect(sum).toBeCloseTo(far)
})

it('counts whole rows, and keeps the rest', () => {
  const counter = new RowsOf()
  expect([10, 10, -25, 40].map((pixels) => counter.rows(pixels, 16))).toEqual([0, 1, -1, 2])
  counter.forget()
  expect(counter.rows(15, 16)).toBe(0)
  expect(counter.rows(5, 0)).toBe(0)
})
