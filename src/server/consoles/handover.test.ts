import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { type Adoption, handOver } from './handover.ts'

/** A line that says what happens to it. */
function lineOf(id: string, { cloudDecides = false } = {}) {
  const steps: string[] = []
  const line = {
    server: { id, name: id },
    project: null,
    opener: { ...person('ada'), cloudDecides },
    holder: null,
    released: null as Promise<void> | null,
    session: {
      async handOver() {
        steps.push('handed over')
        line.released = Promise.resolve().then(() => void steps.push('released'))
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
      ask: async (adoption) => {
        asked.push(adoption)
        expect((adoption.server.id === 'one' ? one : two).steps).toEqual([])
        return adoption.server.id === 'one'
      },
    })
    expect(given).toBe(1)
    expect([one.steps, two.steps]).toEqual([['handed over', 'released'], []])
    expect(asked[0]).toEqual({
      server: { id: 'one', name: 'one' },
      project: null,
      opener: { id: 'test:ada', name: 'ada', role: 'operator' },
    })
  })

  it('keeps a line to which only its opener has a right', async () => {
    const { line, steps } = lineOf('one', { cloudDecides: true })
    const none = await handOver([line], { clock: new ManualClock(), ask: async () => true })
    expect([none, steps]).toEqual([0, []])
  })

  it('moves several at a time, and ends in time though nobody answers', async () => {
    const clock = new ManualClock()
    let asked = 0
    const lines = Array.from({ length: 40 }, (_, index) => lineOf(String(index)).line)
    const moving = handOver(lines, {
      clock,
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
