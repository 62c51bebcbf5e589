import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { watchLease } from './lease.ts'

const MINUTE = 60_000

function watch(minutes: number) {
  const clock = new ManualClock(0)
  const happened: string[] = []
  const stop = watchLease(
    minutes * MINUTE,
    {
      onExpiring: (endsAt) => happened.push(`expiring, ends at ${endsAt / MINUTE}`),
      onExpired: () => happened.push('over'),
    },
    clock,
  )
  return { clock, happened, stop }
}

describe('watchLease', () => {
  it('warns once, a minute before the end, and reports the end', () => {
    const { clock, happened } = watch(15)
    clock.advance(14 * MINUTE - 1)
    expect(happened).toEqual([])
    clock.advance(1)
    expect(happened).toEqual(['expiring, ends at 15'])
    clock.advance(MINUTE)
    expect(happened).toEqual(['expiring, ends at 15', 'over'])
    clock.advance(60 * MINUTE)
    expect(happened).toHaveLength(2)
  })

  it('warns after a moment when the lease is short from the start', () => {
    const { clock, happened } = watch(0.5)
    expect(happened).toEqual([])
    clock.advance(MINUTE / 4)
    expect(happened).toEqual(['expiring, ends at 0.5'])
  })

  it('is silent once it is stopped', () => {
    const { clock, happened, stop } = watch(15)
    clock.advance(10 * MINUTE)
    stop()
    clock.advance(60 * MINUTE)
    expect(happened).toEqual([])
  })
})
