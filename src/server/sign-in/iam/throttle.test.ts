import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../store/memory-store.ts'
import { type Bucket, bucketsOf, Throttle } from './throttle.ts'

const MINUTE = 60_000

function setUp(max?: number) {
  const clock = new ManualClock(1_000_000)
  const throttle = new Throttle({ store: new MemoryStore(clock), clock, ...(max ? { max } : {}) })
  const attempt = async (buckets: Bucket[], how: 'succeeded' | 'failed' | 'undecided') => {
    const begun = await throttle.begin(buckets)
    if ('waitMs' in begun) return begun.waitMs
    await begun.settle(how)
    return 0
  }
  const fail = async (buckets: Bucket[], times: number) => {
    for (let time = 0; time < times; time++) await attempt(buckets, 'failed')
  }
  const waits = (buckets: Bucket[]) => attempt(buckets, 'undecided')
  return { clock, throttle, attempt, fail, waits }
}

const attacker = bucketsOf({ network: '203.0.113.66', account: 'victim', device: null })
const victimElsewhere = bucketsOf({ network: '198.51.100.1', account: 'victim', device: null })
const victimBesideKnown = bucketsOf({ network: '203.0.113.66', account: 'victim', device: 'laptop' })

describe('who guesses', () => {
  it('waits after three failures, and longer after each', async () => {
    const { clock, attempt, fail, waits } = setUp()
    await fail(attacker, 3)
    expect(await waits(attacker)).toBe(5 * MINUTE)
    clock.advance(5 * MINUTE - 1)
    expect(await waits(attacker)).toBe(1)
    clock.advance(1)
    expect(await attempt(attacker, 'failed')).toBe(0)
    expect(await waits(attacker)).toBe(10 * MINUTE)
    for (let time = 0; time < 10; time++) {
      clock.advance(await waits(attacker))
      await attempt(attacker, 'failed')
    }
    expect(await waits(attacker)).toBe(15 * MINUTE)
  })

  it('cannot make the cloud lock the account: fewer than five failures in any quarter of an hour', async () => {
    const { clock, attempt } = setUp()
    const failures: number[] = []
    for (const end = clock.now() + 6 * 60 * MINUTE; clock.now() < end; clock.advance(MINUTE / 2))
      if ((await attempt(attacker, 'failed')) === 0) failures.push(clock.now())
    expect(failures.length).toBeGreaterThan(10)
    for (const first of failures) {
      const together = failures.filter((at) => at >= first && at < first + 15 * MINUTE)
      expect(together.length).toBeLessThan(5)
    }
  })

  it('wins nothing by asking many times at once', async () => {
    const { throttle, waits } = setUp()
    const begun = await Promise.all(Array.from({ length: 50 }, () => throttle.begin(attacker)))
    const through = begun.filter((one) => 'settle' in one)
    expect(through).toHaveLength(3)
    for (const one of through) if ('settle' in one) await one.settle('failed')
    expect(await waits(attacker)).toBe(5 * MINUTE)
  })

  it('wins nothing by changing the account', async () => {
    const { fail, waits } = setUp()
    for (let account = 0; account < 20; account++)
      await fail(bucketsOf({ network: '203.0.113.66', account: `user-${account}`, device: null }), 1)
    expect(await waits(bucketsOf({ network: '203.0.113.66', account: 'another', device: null }))).toBe(5_000)
    expect(await waits(bucketsOf({ network: '203.0.113.66', account: null, device: null }))).toBe(5_000)
  })

  it('does not hide behind a success of another account', async () => {
    const { fail, attempt, waits } = setUp()
    const own = bucketsOf({ network: '203.0.113.66', account: 'own', device: null })
    for (let time = 0; time < 20; time++) {
      await fail(bucketsOf({ network: '203.0.113.66', account: `user-${time}`, device: null }), 1)
      await attempt(own, 'succeeded')
    }
    expect(await waits(own)).toBe(5_000)
  })

  it('does not wait longer by asking while waiting', async () => {
    const { fail, waits } = setUp()
    await fail(attacker, 100)
    expect(await waits(attacker)).toBe(5 * MINUTE)
  })
})

describe('the victim', () => {
  it('elsewhere is never held up', async () => {
    const { fail, attempt } = setUp()
    await fail(attacker, 1000)
    expect(await attempt(victimElsewhere, 'succeeded')).toBe(0)
  })

  it('elsewhere is not held up by a thousand networks', async () => {
    const { fail, attempt } = setUp()
    for (let network = 0; network < 1000; network++)
      await fail(bucketsOf({ network: `network-${network}`, account: 'victim', device: null }), 10)
    expect(await attempt(victimElsewhere, 'succeeded')).toBe(0)
  })

  it('in the same network is not held up in a browser that is known', async () => {
    const { fail, attempt } = setUp()
    await fail(attacker, 1000)
    expect(await attempt(victimBesideKnown, 'succeeded')).toBe(0)
  })

  it('is slowed down where that browser itself guesses', async () => {
    const { fail, waits } = setUp()
    await fail(victimBesideKnown, 3)
    expect(await waits(victimBesideKnown)).toBe(5 * MINUTE)
    expect(await waits(victimElsewhere)).toBe(0)
  })
})

describe('a count', () => {
  it('begins again with the right password', async () => {
    const { fail, attempt, waits } = setUp()
    await fail(attacker, 2)
    await attempt(attacker, 'succeeded')
    await fail(attacker, 2)
    expect(await waits(attacker)).toBe(0)
  })

  it('does not grow when nothing was learnt', async () => {
    const { attempt, waits, throttle } = setUp()
    for (let time = 0; time < 100; time++) await attempt(attacker, 'undecided')
    expect(await waits(attacker)).toBe(0)
    expect(throttle.size).toBe(0)
  })

  it('is settled once', async () => {
    const { throttle, fail, waits } = setUp()
    const begun = await throttle.begin(attacker)
    if ('settle' in begun) {
      await begun.settle('failed')
      await begun.settle('succeeded')
      await begun.settle('undecided')
    }
    await fail(attacker, 2)
    expect(await waits(attacker)).toBe(5 * MINUTE)
  })

  it('is forgotten in an hour', async () => {
    const { clock, fail, waits } = setUp()
    await fail(attacker, 3)
    clock.advance(60 * MINUTE)
    await fail(attacker, 2)
    expect(await waits(attacker)).toBe(0)
  })

  it('is one of so many at most', async () => {
    const { throttle, fail } = setUp(100)
    for (let network = 0; network < 1000; network++)
      await fail(bucketsOf({ network: `network-${network}`, account: 'a', device: null }), 1)
    expect(throttle.size).toBe(100)
  })
})
