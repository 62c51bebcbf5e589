import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { LineHealth } from './line-health.ts'
import { type Meter, noMeter } from './meter.ts'

function start() {
  const told: unknown[][] = []
  const meter: Meter = {
    ...noMeter,
    bytes: (...facts) => void told.push(['bytes', ...facts]),
    echo: (ms) => void told.push(['echo', ms]),
    lineLost: (cause) => void told.push(['lost', cause]),
    lineBack: (ms) => void told.push(['back', ms]),
  }
  const clock = new ManualClock(0)
  return { health: new LineHealth(meter, clock), clock, told }
}

describe('what a line tells the metrics', () => {
  it('is the time from the first key to what the machine says next', () => {
    const { health, clock, told } = start()
    health.heard(100)
    health.typed(1)
    clock.advance(3)
    health.typed(2)
    clock.advance(4)
    health.heard(3)
    health.heard(50)
    expect(told.filter(([what]) => what === 'echo')).toEqual([['echo', 7]])
    expect(told.filter(([what]) => what === 'bytes')).toEqual([
      ['bytes', 'out', 100],
      ['bytes', 'in', 1],
      ['bytes', 'in', 2],
      ['bytes', 'out', 3],
      ['bytes', 'out', 50],
    ])
  })

  it('is no echo where the machine says nothing for long, or the line was lost between', () => {
    const { health, clock, told } = start()
    health.typed(1)
    clock.advance(10_001)
    health.heard(1)
    health.typed(1)
    health.changed({ type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 1 })
    health.changed({ type: 'state', gateway: 'open', line: 2 })
    health.heard(1)
    expect(told.map(([what]) => what)).not.toContain('echo')
  })

  it('is one loss and one way back, however many tries it takes', () => {
    const { health, clock, told } = start()
    const failure = { cause: 'gateway-unreachable' as const }
    health.changed({ type: 'state', gateway: 'open', line: 1 })
    health.changed({ type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 1 })
    health.changed({ type: 'state', gateway: 'lost', failure: { cause: 'gateway-closed' }, retryInMs: 1 })
    clock.advance(1_000)
    health.changed({ type: 'state', gateway: 'opening', attempt: 1, failure })
    health.changed({ type: 'state', gateway: 'lost', failure, retryInMs: 1 })
    clock.advance(2_000)
    health.changed({ type: 'state', gateway: 'opening', attempt: 2, failure })
    health.changed({ type: 'state', gateway: 'open', line: 2 })
    expect(told).toEqual([
      ['lost', 'gateway-closed'],
      ['lost', 'gateway-unreachable'],
      ['back', 3_000],
    ])
    expect(health.state).toBe('open')
  })

  it('is how long it has said nothing', () => {
    const { health, clock } = start()
    clock.advance(5_000)
    expect(health.silentMs).toBe(5_000)
    health.heard(1)
    clock.advance(200)
    expect(health.silentMs).toBe(200)
  })
})
