import { expect, it, vi } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { Silence } from './silence.ts'

function watch(left?: () => number | null) {
  const clock = new ManualClock()
  const onSilent = vi.fn<(forMs: number | null) => void>()
  const onDead = vi.fn<() => void>()
  const silence = new Silence({ left, onSilent, onDead, clock })
  return { clock, silence, onSilent, onDead, told: () => onSilent.mock.calls.map(([forMs]) => forMs) }
}

it('of a relay that beats every 10 s is none', () => {
  const { clock, silence, told, onDead } = watch()
  for (let beat = 0; beat < 10; beat++) {
    clock.advance(10_000)
    silence.heard()
  }
  expect([told(), onDead.mock.calls.length]).toEqual([[], 0])
})

it('is told after 12 s, taken back when something comes, and final after 30 s', () => {
  const { clock, silence, told, onDead } = watch()
  clock.advance(11_999)
  expect(told()).toEqual([])
  clock.advance(1)
  expect(told()).toEqual([12_000])
  clock.advance(3_000)
  silence.heard()
  expect(told()).toEqual([12_000, null])
  clock.advance(29_999)
  expect(onDead).not.toHaveBeenCalled()
  clock.advance(1)
  expect(onDead).toHaveBeenCalledOnce()
})

it('that a sleep of the computer made is judged once what came meanwhile was read', () => {
  const { clock, silence, told, onDead } = watch()
  // The timer that was due rings late, and the messages of the night are still in the queue.
  clock.set(3_600_000)
  clock.advance(1_000)
  silence.heard()
  clock.advance(5_000)
  expect([told(), onDead.mock.calls.length]).toEqual([[], 0])
  clock.set(3_600_000)
  clock.advance(2_000)
  expect(onDead).toHaveBeenCalledOnce()
})

it('of a direct line is a backlog that does not shrink for 10 s', () => {
  let left: number | null = null
  const { clock, told, onDead } = watch(() => left)
  clock.advance(60_000)
  left = 100
  clock.advance(8_000)
  left = 120
  clock.advance(10_000)
  expect(told()).toEqual([])
  clock.advance(1_000)
  expect(told()).toEqual([10_000])
  clock.advance(600_000)
  // Nothing says that the machine is gone, so the line stays.
  expect(onDead).not.toHaveBeenCalled()
  left = null
  clock.advance(1_000)
  expect(told()).toEqual([10_000, null])
})

it('ends with the socket', () => {
  const { clock, silence, told, onDead } = watch()
  silence.stop()
  clock.advance(60_000)
  expect([told(), onDead.mock.calls.length, clock.pending]).toEqual([[], 0, 0])
})
