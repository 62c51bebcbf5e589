import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { createActivity, IDLE_MS } from './activity.ts'

it('is idle after a minute without input, and no longer after any input', () => {
  const clock = new ManualClock()
  const page = new EventTarget()
  const activity = createActivity(clock)
  activity.watch(page)
  expect(activity.idle()).toBe(false)
  for (const input of ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart']) {
    clock.advance(IDLE_MS - 1)
    expect(activity.idle()).toBe(false)
    clock.advance(1)
    expect(activity.idle()).toBe(true)
    page.dispatchEvent(new Event(input))
    expect(activity.idle()).toBe(false)
  }
})

it('is not woken by events that no person causes', () => {
  const clock = new ManualClock()
  const page = new EventTarget()
  const activity = createActivity(clock)
  activity.watch(page)
  clock.advance(IDLE_MS)
  for (const other of ['focus', 'online', 'visibilitychange']) page.dispatchEvent(new Event(other))
  expect(activity.idle()).toBe(true)
})
