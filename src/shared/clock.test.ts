import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ManualClock } from '../testing/clock.ts'
import { startAge, systemClock } from './clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const DAY_MS = 86_400_000

test('a wait longer than setTimeout can count ends when it is due', () => {
  const run = vi.fn()
  systemClock.after(90 * DAY_MS, run)
  vi.advanceTimersByTime(90 * DAY_MS - 1)
  expect(run).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(run).toHaveBeenCalledOnce()
})

test('a long wait is cancelled also after its first stretch', () => {
  const run = vi.fn()
  const cancel = systemClock.after(90 * DAY_MS, run)
  vi.advanceTimersByTime(60 * DAY_MS)
  cancel()
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(run).not.toHaveBeenCalled()
})

describe('an age', () => {
  const start = () => {
    const [wall, steady] = [new ManualClock(), new ManualClock(0)]
    return { wall, steady, age: startAge(wall, steady) }
  }

  test('is zero at first, and grows with both clocks', () => {
    const { wall, steady, age } = start()
    expect(age()).toBe(0)
    wall.advance(1_000)
    steady.advance(1_000)
    expect(age()).toBe(1_000)
  })

  test('counts the sleep in which the steady clock stood still', () => {
    const { wall, age } = start()
    wall.advance(DAY_MS)
    expect(age()).toBe(DAY_MS)
  })

  test('goes on when the wall clock is set back', () => {
    const { wall, steady, age } = start()
    wall.set(-DAY_MS)
    expect(age()).toBe(0)
    wall.advance(5_000)
    steady.advance(5_000)
    expect(age()).toBe(5_000)
  })

  test('is measured with the real clocks by itself', () => {
    const age = startAge()
    vi.advanceTimersByTime(1_500)
    expect(age()).toBe(1_500)
    vi.setSystemTime(Date.now() - DAY_MS)
    expect(age()).toBe(1_500)
    vi.setSystemTime(Date.now() + 2 * DAY_MS)
    expect(age()).toBe(DAY_MS + 1_500)
  })
})
