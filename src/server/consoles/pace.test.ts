import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { Pace } from './pace.ts'

const limits = { perSecond: 50, atOnce: 5, atOnceInProject: 3 }

/** The most of the times that lie within any one second. */
function peak(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.max(
    ...sorted.map((from) => sorted.filter((time) => time >= from && time < from + 1_000).length),
  )
}

it('gives 3,000 lines that drop at once their turns, first come, first served', () => {
  const pace = new Pace(new ManualClock(), limits)
  const waits = Array.from({ length: 3_000 }, () => pace.book(0).wait)
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(peak(waits)).toBe(50)
  expect(waits.at(-1)).toBe(59_900)
})

it('gives a line that waits longer anyway a place at that time', () => {
  const pace = new Pace(new ManualClock(), limits)
  const waits = Array.from({ length: 500 }, (_, index) => pace.book((index * 7_919) % 10_000).wait)
  expect(peak(waits)).toBeLessThanOrEqual(55)
  expect(Math.max(...waits)).toBeLessThan(15_000)
})

it('keeps a few places for lines that a person hurries', () => {
  const pace = new Pace(new ManualClock(), limits)
  for (let line = 0; line < 1_000; line++) pace.book(0)
  const hurried = Array.from({ length: 20 }, () => pace.book(0, true).wait)
  expect(hurried.slice(0, 3)).toEqual([0, 100, 200])
  expect(peak(hurried)).toBe(10)
})

it('gives the place of a session that ended to another', () => {
  const pace = new Pace(new ManualClock(), limits)
  const first = Array.from({ length: 5 }, () => pace.book(0))
  expect(pace.book(0).wait).toBe(100)
  first[0]?.cancel()
  expect(pace.book(0).wait).toBe(0)
})

it('gives the same places as one who looks at each slot', () => {
  const step = fc.record({
    after: fc.nat(3_000),
    hurried: fc.boolean(),
    cancels: fc.boolean(),
    passes: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(500)),
  })
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 200 }), (steps) => {
      const clock = new ManualClock(0)
      const pace = new Pace(clock, limits)
      const booked = new Map<number, number>()
      const mine: { slot: number; cancel(): void }[] = []
      for (const { after, hurried, cancels, passes } of steps) {
        clock.advance(passes)
        const gone = cancels ? mine.shift() : undefined
        gone?.cancel()
        if (gone) booked.set(gone.slot, (booked.get(gone.slot) ?? 0) - 1)
        let slot = Math.floor((clock.now() + after) / 100)
        while ((booked.get(slot) ?? 0) >= (hurried ? 6 : 5)) slot += 1
        booked.set(slot, (booked.get(slot) ?? 0) + 1)
        const { wait, cancel } = pace.book(after, hurried)
        expect(wait).toBe(Math.max(after, slot * 100 - clock.now()))
        mine.push({ slot, cancel })
      }
    }),
  )
})

it('goes on as time passes, and whatever the clock is set to', () => {
  const clock = new ManualClock()
  const pace = new Pace(clock, limits)
  for (let line = 0; line < 100; line++) pace.book(0)
  clock.advance(2_000)
  expect(pace.book(0).wait).toBe(0)
  for (const by of [3_600_000, -7_200_000]) {
    clock.set(by)
    expect(pace.book(0).wait).toBeLessThan(100)
  }
})

it('bounds how many are under way, in a project and in all', () => {
  const pace = new Pace(new ManualClock(), limits)
  const begin = (project: string, count: number) =>
    Array.from({ length: count }, () => pace.begin(project)).filter((done) => done !== null)
  const hanging = begin('hangs', 9)
  expect(hanging).toHaveLength(3)
  expect(begin('other', 9)).toHaveLength(2)
  for (const done of hanging) done()
  expect(begin('hangs', 1)).toHaveLength(1)
  expect(begin('third', 9)).toHaveLength(2)
})

it('begins what nobody waits for only in what people leave of a half', () => {
  const clock = new ManualClock(0)
  const pace = new Pace(clock, { perSecond: 50, atOnce: 8, atOnceInProject: 4 })
  expect(pace.beginPatient('a')).not.toBeNull()
  const done = pace.beginPatient('a')
  expect(pace.beginPatient('a')).toBeNull()
  expect(pace.beginPatient('b')).not.toBeNull()
  // The second has 5 places: 3 of them are taken.
  expect(pace.beginPatient('c')).toBeNull()
  for (let line = 0; line < 3; line++) pace.book(100)
  clock.advance(100)
  done?.()
  expect(pace.beginPatient('c')).toBeNull()
  clock.advance(100)
  expect(pace.beginPatient('c')).not.toBeNull()
})
