import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { throttled } from './throttle.ts'

describe('throttled', () => {
  it('passes the first at once, and then the last of those in between', () => {
    const clock = new ManualClock(0)
    const passed: number[] = []
    const take = throttled((value: number) => passed.push(value), 100, clock)
    for (const value of [1, 2, 3]) take(value)
    expect(passed).toEqual([1])
    clock.advance(99)
    expect(passed).toEqual([1])
    clock.advance(1)
    expect(passed).toEqual([1, 3])
    take(4)
    clock.advance(100)
    expect(passed).toEqual([1, 3, 4])
    clock.advance(100)
    take(5)
    expect(passed).toEqual([1, 3, 4, 5])
  })
})
