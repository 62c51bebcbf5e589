import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeardTimes } from './heard-times.ts'

describe('when bytes were heard', () => {
  it('is known to a tenth of a second, also after a clock was set back', () => {
    const heard = new HeardTimes(100)
    expect(heard.timeAt(0)).toBeNull()
    for (const [at, time] of [
      [10, 1_000],
      [20, 1_099],
      [30, 1_100],
      [40, 500],
    ] as const)
      heard.hear(at, time)
    expect([9, 10, 29, 30, 39, 40, 1_000].map((at) => heard.timeAt(at))).toEqual([
      null,
      1_000,
      1_000,
      1_100,
      1_100,
      500,
      500,
    ])
    expect(heard.between(11, 40, 9)).toEqual([{ at: 30, time: 1_100 }])
    expect(heard.between(0, 99, 2)).toHaveLength(2)
    expect(heard.stretchAt(35)).toEqual({ at: 30, time: 1_100 })
  })

  it('takes a stretch again without doubling it, and older ones before the first', () => {
    const heard = new HeardTimes(100)
    heard.add({ at: 50, time: 5 })
    heard.add({ at: 60, time: 6 })
    heard.add({ at: 60, time: 6 })
    heard.prepend([
      { at: 10, time: 1 },
      { at: 55, time: 9 },
    ])
    expect(heard.between(0, 100, 9)).toEqual([
      { at: 10, time: 1 },
      { at: 50, time: 5 },
      { at: 60, time: 6 },
    ])
  })

  it('forgets what nobody asks for, and never what covers the first byte', () => {
    const heard = new HeardTimes(100)
    for (let index = 0; index < 50; index++) heard.hear(index * 10, index * 1_000)
    heard.forget(405)
    expect(heard.size).toBe(10)
    expect([405, 410].map((at) => heard.timeAt(at))).toEqual([40_000, 41_000])
  })

  it('needs bounded memory, and each silence that is long for so many stretches stays', () => {
    const pauses = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(3_600_000)), {
      maxLength: 2_000,
    })
    fc.assert(
      fc.property(pauses, (waits) => {
        const heard = new HeardTimes(64)
        let time = 0
        let at = 0
        const long: number[] = []
        for (const wait of waits) {
          time += wait
          at += 3
          heard.hear(at, time)
          if (wait > 1_000_000) long.push(at)
          if (heard.size > 64) throw new Error('too many')
        }
        if (long.length > 30) return
        for (const place of long) expect(heard.stretchAt(place)?.at).toBe(place)
      }),
    )
  })
})
