import { describe, expect, it } from 'vitest'
import type { Failure } from '../../shared/cause.ts'
import { ManualClock } from '../../testing/clock.ts'
import type { GatewayEnd } from './gateway-socket.ts'
import { Recovery } from './recovery.ts'

const hangUp: GatewayEnd = { kind: 'closed', code: 1006 }
const cloudDown: Failure = { cause: 'cloud-unreachable' }

function start(random = () => 0) {
  const clock = new ManualClock()
  const recovery = new Recovery(clock, random)
  return {
    clock,
    recovery,
    /** A connection that opens and lasts so long. @returns the wait, and what the loss is called */
    connection({ ms, speaks = false, end = hangUp }: { ms: number; speaks?: boolean; end?: GatewayEnd }) {
      recovery.opened()
      clock.advance(ms)
      if (speaks) recovery.spoke()
      const failure = recovery.failureOf(end)
      return { cause: failure.cause, wait: recovery.lost(failure) }
    },
  }
}

describe('a gateway that hangs up at once', () => {
  it('has refused a line that never worked, after three new links', () => {
    const { connection } = start()
    const ends = [1, 2, 3].map(() => connection({ ms: 100 }))
    expect(ends.map(({ cause }) => cause)).toEqual(Array(3).fill('gateway-hung-up'))
    expect(ends.map(({ wait }) => wait)).toEqual([1_000, 2_000, null])
  })

  it('names both possible reasons, since it does the same in both', () => {
    const { recovery } = start()
    recovery.opened()
    expect(recovery.failureOf(hangUp).detail).toMatch(/refuses the token, or .* host is down/)
  })

  it.each([
    ['spoke', { ms: 100, speaks: true }],
    ['was silent for three seconds', { ms: 3_000 }],
  ])('does not end a line that %s, however often', (_, first) => {
    const { connection } = start()
    connection(first)
    const waits = Array.from({ length: 50 }, () => connection({ ms: 100 }).wait)
    expect(waits).not.toContain(null)
    expect(waits.at(-1)).toBe(30_000)
  })

  it('is counted anew after a connection that worked for a moment', () => {
    const { connection } = start()
    connection({ ms: 100 })
    connection({ ms: 100 })
    expect(connection({ ms: 50, speaks: true })).toMatchObject({ cause: 'gateway-closed', wait: 4_000 })
    expect(connection({ ms: 100 }).wait).toBe(8_000)
  })
})

describe('the waits', () => {
  it('grow, and begin anew only after a connection of half a minute', () => {
    const { connection } = start()
    const short = Array.from({ length: 6 }, () => connection({ ms: 29_999, speaks: true }).wait)
    expect(short).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000])
    expect(connection({ ms: 30_000, speaks: true }).wait).toBe(1_000)
  })

  it('are any part of the longest, at random', () => {
    const waits = [0, 0.25, 0.5, 0.99].map((random) => start(() => random).recovery.lost(cloudDown))
    expect(waits[0]).toBe(1_000)
    expect(waits.slice(0, 3)).toEqual([1_000, 750, 500])
    expect(waits[3]).toBeCloseTo(10)
  })

  it('are as long as the cloud asks for', () => {
    const { recovery } = start()
    expect(recovery.lost({ cause: 'throttled', retryAfter: 600 })).toBe(600_000)
  })

  it('end with what does not pass by itself', () => {
    expect(start().recovery.lost({ cause: 'no-permission' })).toBeNull()
  })
})

describe('a person who does not want to wait', () => {
  it('does not make later waits longer', () => {
    const { clock, recovery } = start()
    for (const wait of [1_000, 2_000, 4_000]) expect(recovery.lost(cloudDown)).toBe(wait)
    clock.advance(1_000)
    expect(recovery.hurry(clock.now() + 3_000)).toBe(true)
    // In vain: the try that was due comes when it would have come.
    expect(recovery.lost(cloudDown)).toBe(3_000)
    clock.advance(1_000)
    expect(recovery.hurry(clock.now() + 2_000)).toBe(true)
    // The cloud took longer than that to say no.
    clock.advance(10_000)
    expect(recovery.lost(cloudDown)).toBe(4_000)
    expect(recovery.lost(cloudDown)).toBe(8_000)
  })

  it('leaves the wait as it was, though they press again before the try has begun', () => {
    const { clock, recovery } = start()
    recovery.lost(cloudDown)
    expect(recovery.hurry(clock.now() + 20_000)).toBe(true)
    clock.advance(100)
    expect(recovery.hurry(clock.now() + 200)).toBe(true)
    clock.advance(900)
    expect(recovery.lost(cloudDown)).toBe(19_000)
  })

  it('may try three times at once, and then every five seconds', () => {
    const { clock, recovery } = start()
    recovery.lost(cloudDown)
    const tries = () => [1, 2, 3, 4].filter(() => recovery.hurry(clock.now())).length
    expect(tries()).toBe(3)
    clock.advance(4_999)
    expect(tries()).toBe(0)
    clock.advance(1)
    expect(tries()).toBe(1)
  })

  it('waits all the same until the cloud wants to be asked again', () => {
    const { clock, recovery } = start()
    recovery.lost({ cause: 'throttled', retryAfter: 60 })
    clock.advance(59_999)
    expect(recovery.hurry(clock.now() + 1)).toBe(false)
    clock.advance(1)
    expect(recovery.hurry(clock.now())).toBe(true)
  })
})

it('counts the tries of one recovery', () => {
  const { recovery, connection } = start()
  expect(recovery.attempt).toBe(0)
  connection({ ms: 100, speaks: true })
  expect(recovery.attempt).toBe(1)
  recovery.lost(cloudDown)
  expect(recovery.attempt).toBe(2)
  connection({ ms: 100 })
  expect(recovery.attempt).toBe(3)
  connection({ ms: 100, speaks: true })
  expect(recovery.attempt).toBe(1)
})
