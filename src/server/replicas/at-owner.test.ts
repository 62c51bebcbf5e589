import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import type { HostPort } from '../environment.ts'
import { atOwner } from './at-owner.ts'
import { LinkError, type LinkFault } from './link/link-error.ts'
import { LeaseOwners, type Owner } from './owners.ts'

const at = (port: number): HostPort => ({ host: '10.0.0.1', port })
const other = (port: number): Owner => ({ state: 'other', address: at(port) })
const nobody: Owner = { state: 'nobody' }

/** Asks for a line that goes from one to another: each owner is what is found at one try, and the last one stays. */
function asked(
  owners: Owner[],
  { here = ['here'], there = [] }: { here?: (string | null)[]; there?: LinkFault[] } = {},
) {
  const clock = new ManualClock()
  const tried: string[] = []
  const next = <T>(left: T[]): T | undefined => (left.length > 1 ? left.shift() : left[0])
  const done = atOwner({
    owners: { ownerOf: async () => next(owners) ?? nobody },
    serverId: 's1',
    clock,
    here: async () => {
      tried.push('here')
      return next(here) ?? null
    },
    there: async ({ port }) => {
      tried.push(String(port))
      const fault = there.shift()
      if (fault) throw new LinkError(fault, 'test')
      return `at ${port}`
    },
  })
  // Whatever waits, waits no longer.
  const turn = async () => {
    while (clock.now() < Date.UTC(2026, 0, 1) + 20_000) {
      await new Promise(setImmediate)
      clock.advance(250)
    }
  }
  return { done: Promise.all([done, turn()]).then(([answer]) => answer), tried }
}

describe('what is done at the owner of a line', () => {
  it.each([nobody, { state: 'mine' } as const])('is done here where it is $state’s', async (owner) => {
    const { done, tried } = asked([owner])
    expect(await done).toBe('here')
    expect(tried).toEqual(['here'])
  })

  it('is done at the other replica that has it', async () => {
    const { done, tried } = asked([other(1)])
    expect(await done).toBe('at 1')
    expect(tried).toEqual(['1'])
  })

  it('is done here where the owner is gone, as soon as its lease is', async () => {
    const { done, tried } = asked([other(1), other(1), nobody], { there: ['unreachable', 'unreachable'] })
    expect(await done).toBe('here')
    expect(tried).toEqual(['1', '1', 'here'])
  })

  it('follows a line that moves, also away from here', async () => {
    const { done, tried } = asked([other(1), nobody, other(2)], { here: [null], there: ['not-owner'] })
    expect(await done).toBe('at 2')
    expect(tried).toEqual(['1', 'here', '2'])
  })

  it('is not done again where an owner may have begun with it', async () => {
    const { done, tried } = asked([other(1), nobody], { there: ['cut'] })
    await expect(done).rejects.toMatchObject({ fault: 'cut' })
    expect(tried).toEqual(['1'])
  })

  it('is given up after a while', async () => {
    const faults = Array<LinkFault>(50).fill('unreachable')
    await expect(asked([other(1)], { there: faults }).done).rejects.toMatchObject({ fault: 'unreachable' })
    expect(faults.length).toBeGreaterThan(20)
    await expect(asked([nobody], { here: [null] }).done).rejects.toMatchObject({ fault: 'not-owner' })
  })
})

describe('the owner of a line', () => {
  const owners = (holder: string | null) =>
    new LeaseOwners({
      store: {
        leaseOf: async (name) => (holder !== null && name === 'line:s1' ? { holder, token: 1 } : null),
      },
      replicas: {
        id: 'me',
        addressOf: async (id) => (id === 'peer' ? { host: 'fd00::5', port: 8090 } : null),
      },
    })

  it('holds its lease, and is there', async () => {
    expect(await owners(null).ownerOf('s1')).toEqual({ state: 'nobody' })
    expect(await owners('me').ownerOf('s1')).toEqual({ state: 'mine' })
    const address = { host: 'fd00::5', port: 8090 }
    expect(await owners('peer').ownerOf('s1')).toEqual({ state: 'other', address })
    expect(await owners('dead').ownerOf('s1')).toEqual({ state: 'nobody' })
  })

  it('is told by the session’s id, too', async () => {
    expect(await owners(null).replicaOf('me')).toBeNull()
    expect(await owners(null).replicaOf('dead')).toBeNull()
    expect(await owners(null).replicaOf('peer')).toEqual({ host: 'fd00::5', port: 8090 })
  })
})
