import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { type Bucket, bucketsOf, Throttle } from './throttle.ts'

const MINUTE = 60_000

function setUp(max?: number) {
  const clock = new ManualClock(1_000_000)
  const throttle = new Throttle({ clock, ...(max ? { max } : {}) })
  const attempt = (buckets: Bucket[], how: 'succeeded' | 'failed' | 'undecided') => {
    const begun = throttle.begin(buckets)
    if ('waitMs' in begun) return begun.waitMs
    begun.settle(how)
    return 0
  }
  const fail = (buckets: Bucket[], times: number) => {
    for (let time = 0; time < times; time++) attempt(buckets, 'failed')
  }
  const waits = (buckets: Bucket[]) => attempt(buckets, 'undecided')
  return { clock, throttle, attempt, fail, waits }
}

const attacker = bucketsOf({ network: '203.0.113.66', account: 'victim', device: null })
const victimElsewhere = bucketsOf({ network: '198.51.100.1', account: 'victim', device: null })
const victimBesideKnown = bucketsOf({ network: '203.0.113.66', account: 'victim', device: 'laptop' })

describe('who guesses', () => {
  it('waits after three failures, and longer after each', () => {
    const { clock, attempt, fail, waits } = setUp()
    fail(attacker, 3)
    expect(waits(attacker)).toBe(5 * MINUTE)
    clock.advance(5 * MINUTE - 1)
    expect(waits(attacker)).toBe(1)
    clock.advance(1)
    expect(attempt(attacker, 'failed')).toBe(0)
    expect(waits(attacker)).toBe(10 * MINUTE)
    for (let time = 0; time < 10; time++) {
      clock.advance(waits(attacker))
      attempt(attacker, 'failed')
    }
    expect(waits(attacker)).toBe(15 * MINUTE)
  })

  it('cannot make the cloud lock the account: fewer than five failures in any quarter of an hour', () => {
    const { clock, attempt } = setUp()
    const failures: number[] = []
    for (const end = clock.now() + 6 * 60 * MINUTE; clock.now() < end; clock.advance(MINUTE / 2))
      if (attempt(attacker, 'failed') === 0) failures.push(clock.now())
    expect(failures.length).toBeGreaterThan(10)
    for (const first of failures) {
      const together = failures.filter((at) => at >= first && at < first + 15 * MINUTE)
      expect(together.length).toBeLessThan(5)
    }
  })

  it('wins nothing by asking many times at once', () => {
    const { throttle, waits } = setUp()
    const begun = Array.from({ length: 50 }, () => throttle.begin(attacker))
    const through = begun.filter((one) => 'settle' in one)
    expect(through).toHaveLength(3)
    for (const one of through) if ('settle' in one) one.settle('failed')
    expect(waits(attacker)).toBe(5 * MINUTE)
  })

  it('wins nothing by changing the account', () => {
    const { fail, waits } = setUp()
    for (let account = 0; account < 20; account++)
      fail(bucketsOf({ network: '203.0.113.66', account: `user-${account}`, device: null }), 1)
    expect(waits(bucketsOf({ network: '203.0.113.66', account: 'another', device: null }))).toBe(5_000)
    expect(waits(bucketsOf({ network: '203.0.113.66', account: null, device: null }))).toBe(5_000)
  })

  it('does not hide behind a success of another account', () => {
    const { fail, attempt, waits } = setUp()
    const own = bucketsOf({ network: '203.0.113.66', account: 'own', device: null })
    for (let time = 0; time < 20; time++) {
      fail(bucketsOf({ network: '203.0.113.66', account: `user-${time}`, device: null }), 1)
      attempt(own, 'succeeded')
    }
    expect(waits(own)).toBe(5_000)
  })

  it('does not wait longer by asking while waiting', () => {
    const { fail, waits } = setUp()
    fail(attacker, 100)
    expect(waits(attacker)).toBe(5 * MINUTE)
  })
})

describe('the victim', () => {
  it('elsewhere is never held up', () => {
    const { fail, attempt } = setUp()
    fail(attacker, 1000)
    expect(attempt(victimElsewhere, 'succeeded')).toBe(0)
  })

  it('elsewhere is not held up by a thousand networks', () => {
    const { fail, attempt } = setUp()
    for (let network = 0; network < 1000; network++)
      fail(bucketsOf({ network: `network-${network}`, account: 'victim', device: null }), 10)
    expect(attempt(victimElsewhere, 'succeeded')).toBe(0)
  })

  it('in the same network is not held up in a browser that is known', () => {
    const { fail, attempt } = setUp()
    fail(attacker, 1000)
    expect(attempt(victimBesideKnown, 'succeeded')).toBe(0)
  })

  it('is slowed down where that browser itself guesses', () => {
    const { fail, waits } = setUp()
    fail(victimBesideKnown, 3)
    expect(waits(victimBesideKnown)).toBe(5 * MINUTE)
    expect(waits(victimElsewhere)).toBe(0)
  })
})

describe('a count', () => {
  it('begins again with the right password', () => {
    const { fail, attempt, waits } = setUp()
    fail(attacker, 2)
    attempt(attacker, 'succeeded')
    fail(attacker, 2)
    expect(waits(attacker)).toBe(0)
  })

  it('does not grow when nothing was learnt', () => {
    const { attempt, waits, throttle } = setUp()
    for (let time = 0; time < 100; time++) attempt(attacker, 'undecided')
    expect(waits(attacker)).toBe(0)
    expect(throttle.size).toBe(0)
  })

  it('is settled once', () => {
    const { throttle, fail, waits } = setUp()
    const begun = throttle.begin(attacker)
    if ('settle' in begun) {
      begun.settle('failed')
      begun.settle('succeeded')
      begun.settle('undecided')
    }
    fail(attacker, 2)
    expect(waits(attacker)).toBe(5 * MINUTE)
  })

  it('is forgotten in an hour', () => {
    const { clock, fail, waits } = setUp()
    fail(attacker, 3)
    clock.advance(60 * MINUTE)
    fail(attacker, 2)
    expect(waits(attacker)).toBe(0)
  })

  it('is one of so many at most', () => {
    const { throttle, fail } = setUp(100)
    for (let network = 0; network < 1000; network++)
      fail(bucketsOf({ network: `network-${network}`, account: 'a', device: null }), 1)
    expect(throttle.size).toBe(100)
  })
})
