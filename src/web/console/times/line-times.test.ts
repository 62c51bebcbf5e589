import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { LineTimes } from './line-times.ts'

const NOW = 1_000_000

function start() {
  const clock = new ManualClock(NOW)
  return { clock, times: new LineTimes(clock) }
}

describe('when the page’s bytes were heard', () => {
  it('is what the server says, however wrong the browser’s clock is', () => {
    const { clock, times } = start()
    times.joined(500, false, true)
    times.took(100)
    clock.advance(10)
    times.told(77_000, [
      [500, 50_000],
      [40, 20_000],
    ])
    expect([0, 39, 40, 99, 100].map((at) => times.timeAt(at))).toEqual([50_000, 50_000, 70_000, 70_000, null])
    expect(times.aheadMs).toBe(77_000 - NOW - 10)
  })

  it('is when they came, where there is no relay', () => {
    const { clock, times } = start()
    times.took(10)
    clock.advance(5_000)
    times.took(10)
    expect([0, 10].map((at) => times.timeAt(at))).toEqual([NOW, NOW + 5_000])
    expect([times.aheadMs, times.offsetAt(3)]).toEqual([null, null])
  })

  it('stays known over a break, with what was told twice', () => {
    const { times } = start()
    times.joined(0, false, true)
    times.took(10)
    times.told(NOW, [[0, 1_000]])
    times.joined(10, true, true)
    times.took(10)
    times.told(NOW, [
      [0, 1_000],
      [10, 8_000],
    ])
    expect([9, 10].map((at) => times.timeAt(at))).toEqual([1_000, 9_000])
    expect(times.offsetAt(15)).toBe(15)
  })
})

describe('where they are in the log', () => {
  it('is not known of a session that the log does not have', () => {
    const { times } = start()
    times.joined(500, false)
    times.took(10)
    expect(times.offsetAt(5)).toBeNull()
  })

  it('jumps where bytes never came', () => {
    const { times } = start()
    times.joined(500, false, true)
    times.took(10)
    times.skipped(90)
    times.took(10)
    times.told(NOW, [[600, 5_000]])
    expect([9, 10].map((at) => times.offsetAt(at))).toEqual([509, 600])
    expect(times.timeAt(10)).toBe(5_000)
  })

  it('is not known of another stream, and not beyond what was kept of a server that was killed', () => {
    const { times } = start()
    times.joined(0, false, true)
    times.took(10)
    times.joined(0, false, true)
    times.took(20)
    expect([9, 10].map((at) => times.offsetAt(at))).toEqual([null, 0])
    times.joined(15, true, true)
    times.took(5)
    expect([24, 25, 29, 30].map((at) => times.offsetAt(at))).toEqual([14, 15, 15, 15])
    expect(times.offsetAt(31)).toBe(16)
  })
})
