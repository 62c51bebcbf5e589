import { describe, expect, it } from 'vitest'
import { SmallMap } from '../../shared/small-map.ts'
import { ManualClock } from '../../testing/clock.ts'
import { person } from '../../testing/sign-in/identity.ts'
import type { Identity } from '../sign-in/identity.ts'
import { type Adoption, handOver } from './handover.ts'

/** A line that says what happens to it. */
function lineOf(
  id: string,
  { cloudDecides = false, signIn = null as string | null, openerLeft = false } = {},
) {
  const steps: string[] = []
  const line = {
    server: { id, name: id },
    project: null,
    opener: { ...person('ada'), cloudDecides, signIn },
    openerLeft,
    holder: null,
    viewers: new SmallMap<string, Identity>(),
    released: null as Promise<void> | null,
    session: {
      clients: [] as string[],
      async handOver(taken: () => Promise<void>) {
        steps.push('handed over')
        line.released = Promise.resolve().then(() => void steps.push('released'))
        await taken()
        steps.push('told')
      },
    },
  }
  return { line, steps }
}

describe('a replica that ends', () => {
  it('lets go of a line only when another is ready for it', async () => {
    const [one, two] = [lineOf('one'), lineOf('two')]
    const asked: Adoption[] = []
    const given = await handOver([one.line, two.line], {
      clock: new ManualClock(),
      taken: async (id) => void (id === 'one' ? one : two).steps.push('taken'),
      ask: async (adoption) => {
        asked.push(adoption)
        expect((adoption.server.id === 'one' ? one : two).steps).toEqual([])
        return adoption.server.id === 'one'
      },
    })
    expect(given).toBe(1)
    expect([one.steps, two.steps]).toEqual([['handed over', 'released', 'taken', 'told'], []])
    expect(asked[0]).toEqual({
      server: { id: 'one', name: 'one' },
      project: null,
      opener: { id: 'test:ada', name: 'ada', role: 'operator' },
      signIns: [],
    })
  })

  it('names the sign-ins of those whom the cloud lets in: who is there, then who opened it', async () => {
    const { line, steps } = lineOf('one', { cloudDecides: true, signIn: 'of-ada' })
    for (const [client, signIn] of [
      ['writer', 'of-eve'],
      ['tab', 'of-ada'],
      ['guest', null],
    ] as const)
      line.viewers.set(client, { ...person(client), cloudDecides: true, signIn })
    line.session.clients = ['writer', 'guest', 'tab']
    const asked: Adoption[] = []
    const given = await handOver([line], {
      clock: new ManualClock(),
      taken: async () => {},
      ask: async (adoption) => asked.push(adoption) > 0,
    })
    expect([given, steps]).toEqual([1, ['handed over', 'released', 'told']])
    expect(asked[0]?.signIns).toEqual(['of-eve', 'of-ada'])
  })

  it('keeps a line to which nobody has a right who is still signed in', async () => {
    const { line, steps } = lineOf('one', { cloudDecides: true, signIn: 'of-ada', openerLeft: true })
    const none = await handOver([line], {
      clock: new ManualClock(),
      taken: async () => {},
      ask: async () => true,
    })
    expect([none, steps]).toEqual([0, []])
  })

  it('moves several at a time, and ends in time though nobody answers', async () => {
    const clock = new ManualClock()
    let asked = 0
    const lines = Array.from({ length: 40 }, (_, index) => lineOf(String(index)).line)
    const moving = handOver(lines, {
      clock,
      taken: async () => {},
      ask: () => {
        asked += 1
        return new Promise(() => {})
      },
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toBe(16)
    clock.advance(12_000)
    expect(await moving).toBe(0)
  })
})
