import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

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
