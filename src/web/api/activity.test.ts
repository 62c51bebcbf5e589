import { expect, it } from 'vitest'
import { createActivity, IDLE_MS } from './activity.ts'

it('is idle once nobody has touched the page for a minute, and no longer after any touch', () => {
  let now = 1_000
  const page = new EventTarget()
  const activity = createActivity(() => now)
  activity.watch(page)
  expect(activity.idle()).toBe(false)
  for (const input of ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart']) {
    now += IDLE_MS - 1
    expect(activity.idle()).toBe(false)
    now += 1
    expect(activity.idle()).toBe(true)
    page.dispatchEvent(new Event(input))
    expect(activity.idle()).toBe(false)
  }
})

it('is not woken by what no person does', () => {
  let now = 0
  const page = new EventTarget()
  const activity = createActivity(() => now)
  activity.watch(page)
  now = IDLE_MS
  for (const other of ['focus', 'online', 'visibilitychange']) page.dispatchEvent(new Event(other))
  expect(activity.idle()).toBe(true)
})
