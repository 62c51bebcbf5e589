import { expect, it } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import type { PowerAction, Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { followPower } from './follow.ts'

const on = testServer()
const off: Server = { ...on, status: 'stopped', power: 'off' }

/** The last answer repeats. @returns how many looks were taken */
async function looksAt(action: PowerAction, ...seen: (Server | Failure)[]): Promise<number> {
  let looks = 0
  let waits = 0
  await followPower({
    action,
    wait: async () => {
      waits += 1
    },
    look: async () => {
      looks += 1
      const now = seen.length > 1 ? seen.shift() : seen[0]
      if (!now) throw new Error('nothing to see')
      return now
    },
  })
  expect(waits).toBe(looks)
  return looks
}

it('looks until the server is on or off and no task is running', async () => {
  expect(await looksAt('power-on', off, { ...off, task: 'powering-on' }, on)).toBe(3)
  expect(await looksAt('power-on', { ...on, task: 'powering-on' }, on)).toBe(2)
  expect(await looksAt('power-off', on, off)).toBe(2)
})

it('follows a reboot to its end, also one that was too quick to be seen', async () => {
  expect(await looksAt('reboot', on, { ...on, task: 'rebooting' }, { ...on, status: 'rebooting' }, on)).toBe(
    4,
  )
  expect(await looksAt('hard-reboot', on)).toBe(6)
})

it('does not look for ever', async () => {
  expect(await looksAt('power-off', on)).toBe(45)
  expect(await looksAt('reboot', { ...on, task: 'rebooting' })).toBe(45)
})

it('survives a cloud that is away for a moment, and stops when looking is refused', async () => {
  expect(await looksAt('power-on', { cause: 'cloud-timeout' }, on)).toBe(2)
  expect(await looksAt('power-on', off, { cause: 'sign-in-needed' }, on)).toBe(2)
})
