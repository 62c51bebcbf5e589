import { describe, expect, it } from 'vitest'
import { ManualClock } from '../testing/clock.ts'
import { TokenBucket, TokenBuckets } from './token-bucket.ts'

const start = (burst: number, perSecond: number) => {
  const clock = new ManualClock()
  return { clock, bucket: new TokenBucket({ burst, perSecond }, clock) }
}

describe('a token bucket', () => {
  it('gives its burst at once, then its rate', () => {
    const { clock, bucket } = start(3, 2)
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false])
    clock.advance(499)
    expect(bucket.take()).toBe(false)
    clock.advance(1)
    expect([bucket.take(), bucket.take()]).toEqual([true, false])
  })

  it('holds no more than its burst, however long it waits', () => {
    const { clock, bucket } = start(2, 10)
    bucket.take()
    expect(bucket.isFull).toBe(false)
    clock.advance(3_600_000)
    bucket.give()
    expect(bucket.isFull).toBe(true)
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, false])
  })

  it('lends, and says how long to wait', () => {
    const { clock, bucket } = start(1, 10)
    expect([bucket.borrow(1), bucket.borrow(1), bucket.borrow(2)]).toEqual([0, 100, 300])
    bucket.give()
    clock.advance(100)
    expect(bucket.borrow(1)).toBe(200)
  })

  it('gives nothing for a clock that was set back, and goes on from there', () => {
    const { clock, bucket } = start(1, 1)
    bucket.take()
    clock.advance(-3_600_000)
    expect(bucket.take()).toBe(false)
    clock.advance(1_000)
    expect(bucket.take()).toBe(true)
  })
})

it('is kept for each key, and forgotten when it is full and there are many', () => {
  const clock = new ManualClock()
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 }, clock)
  const first = buckets.of('first')
  for (let count = 1; count < 1_000; count++) buckets.of(`key ${count}`)
  first.take()
  buckets.of('one more')
  expect(buckets.of('first')).toBe(first)
  clock.advance(1_000)
  for (let count = 0; count < 1_000; count++) buckets.of(`other ${count}`)
  expect(buckets.of('first')).not.toBe(first)
})
