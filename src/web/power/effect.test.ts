import { expect, it } from 'vitest'
import type { PowerAction, Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { hasHappened, noEffect } from './effect.ts'

const on = testServer()
const off: Server = { ...on, status: 'stopped', power: 'off' }

/** The last state repeats. @returns in how many looks it has happened, below 0: has not, for certain; null: nobody knows */
function looksAt(action: PowerAction, ...seen: Server[]): number | null {
  let effect = noEffect
  for (let looks = 1; looks <= 100; looks++) {
    const now = seen[Math.min(looks, seen.length) - 1] ?? on
    const known = hasHappened(action, now, effect)
    if (known === 'happened') return looks
    if (known === 'nothing-changed') return -looks
    effect = known
  }
  return null
}

it('looks until the server is on or off and no task is running', () => {
  expect(looksAt('power-on', off, { ...off, task: 'powering-on' }, on)).toBe(3)
  expect(looksAt('power-on', { ...on, task: 'powering-on' }, on)).toBe(2)
  expect(looksAt('power-off', on, off)).toBe(2)
  expect(looksAt('power-off', on)).toBeNull()
})

it('knows that nothing has changed when the cloud has worked on it and stopped', () => {
  const working: Server = { ...on, task: 'powering-off' }
  expect(looksAt('power-off', working, on)).toBe(-4)
  expect(looksAt('power-off', working, on, on, off)).toBe(4)
  expect(looksAt('power-on', { ...off, task: 'powering-on' }, off)).toBe(-4)
})

it('follows a reboot to its end, also one that was too quick to be seen', () => {
  expect(looksAt('reboot', on, { ...on, task: 'rebooting' }, { ...on, status: 'rebooting' }, on)).toBe(4)
  expect(looksAt('hard-reboot', on)).toBe(6)
  expect(looksAt('reboot', { ...on, task: 'rebooting' })).toBeNull()
})
