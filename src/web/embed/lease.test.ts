import { describe, expect, it } from 'vitest'
import { startAge } from '../../shared/clock.ts'
import { ManualClock } from '../../testing/clock.ts'
import { watchLease } from './lease.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** A machine's two clocks. Timers go by the steady one. */
function watch(minutes: number, wallAt = 0) {
  const [wall, steady] = [new ManualClock(wallAt), new ManualClock(0)]
  const happened: string[] = []
  const stop = watchLease(
    { ms: minutes * MINUTE, age: startAge(wall, steady) },
    {
      onExpiring: (left) => happened.push(`expiring, ${left() / MINUTE} left`),
      onExpired: () => happened.push('over'),
    },
    steady,
  )
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      wall.advance(Math.min(left, 1_000))
      steady.advance(Math.min(left, 1_000))
    }
  }
  return { wall, pass, happened, stop }
}

describe('watchLease', () => {
  it.each([
    ['right', 0],
    ['a day ahead', DAY],
    ['a day behind', -DAY],
  ])('warns once, a minute before the end, and reports the end, its clock being %s', (_, off) => {
    const { pass, happened } = watch(15, Date.UTC(2030, 0, 1) + off)
    pass(14 * MINUTE - 1)
    expect(happened).toEqual([])
    pass(1)
    expect(happened).toEqual(['expiring, 1 left'])
    pass(MINUTE)
    expect(happened).toEqual(['expiring, 1 left', 'over'])
    pass(60 * MINUTE)
    expect(happened).toHaveLength(2)
  })

  it('warns after a moment when the lease is short from the start', () => {
    const { pass, happened } = watch(0.5)
    expect(happened).toEqual([])
    pass(MINUTE / 4)
    expect(happened).toEqual(['expiring, 0.25 left'])
  })

  it('is not longer where the clock is set back meanwhile', () => {
    const { wall, pass, happened } = watch(15)
    wall.set(-DAY)
    pass(15 * MINUTE)
    expect(happened).toEqual(['expiring, 1 left', 'over'])
  })

  it('notices after a sleep that it is over, and still asks for a ticket', () => {
    const { wall, pass, happened } = watch(15)
    wall.advance(DAY)
    pass(MINUTE / 4)
    expect(happened).toEqual(['expiring, 0 left', 'over'])
    pass(60 * MINUTE)
    expect(happened).toHaveLength(2)
  })

  it('is silent once it is stopped', () => {
    const { pass, happened, stop } = watch(15)
    pass(10 * MINUTE)
    stop()
    pass(60 * MINUTE)
    expect(happened).toEqual([])
  })
})
