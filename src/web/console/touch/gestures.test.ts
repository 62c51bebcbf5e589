import { expect, it } from 'vitest'
import { type Finger, type Gesture, OneFinger } from './gestures.ts'

const finger = (time: number, x: number, y: number, id = 1): Finger => ({ id, x, y, time })

function kinds(...gestures: (Gesture | null)[]) {
  return gestures.map((gesture) => gesture?.kind ?? null)
}

it('takes a short, still finger for a tap, also where it trembles', () => {
  const one = new OneFinger()
  expect(kinds(one.down(finger(0, 50, 50)), one.move(finger(20, 53, 48)))).toEqual([null, null])
  expect(one.up(finger(90, 53, 48))).toEqual({ kind: 'tap', at: { x: 53, y: 48 } })
  expect(one.isDown).toBe(false)
})

it('drags from where the finger was found to move, with no jump', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 50))
  expect(one.move(finger(20, 50, 62))).toEqual({ kind: 'drag', at: { x: 50, y: 62 }, by: { x: 0, y: 0 } })
  expect(one.move(finger(40, 49, 82))).toEqual({ kind: 'drag', at: { x: 49, y: 82 }, by: { x: -1, y: 20 } })
  // It moves: it no longer rests.
  expect(one.rested()).toBeNull()
})

it('flings with the speed of the last moves, not with that of the whole way', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 0))
  one.move(finger(1_000, 50, 20))
  for (let step = 1; step <= 5; step++) one.move(finger(1_000 + step * 16, 50, 20 + step * 32))
  const gesture = one.up(finger(1_080, 50, 180))
  expect(gesture).toMatchObject({ kind: 'fling' })
  expect(gesture?.kind === 'fling' && gesture.speed).toBeCloseTo(2)
})

it('does not fling what was put down', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 0))
  one.move(finger(20, 50, 100))
  one.move(finger(40, 50, 200))
  expect(one.up(finger(400, 50, 200))).toBeNull()
})

it('holds a finger that rests, and extends where it then goes', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 50))
  expect(one.rested()).toEqual({ kind: 'hold', at: { x: 50, y: 50 } })
  expect(one.move(finger(600, 51, 50))).toEqual({ kind: 'extend', at: { x: 51, y: 50 } })
  expect(one.up(finger(700, 90, 50))).toEqual({ kind: 'held' })
  expect(one.rested()).toBeNull()
})

it('leaves two fingers alone until both are gone', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 50))
  expect(kinds(one.down(finger(10, 90, 50, 2)), one.rested())).toEqual([null, null])
  expect(kinds(one.move(finger(20, 10, 50)), one.up(finger(30, 10, 50)))).toEqual([null, null])
  // The second one is still down.
  expect(kinds(one.move(finger(40, 90, 150, 2)), one.up(finger(50, 90, 150, 2)))).toEqual([null, null])
  one.down(finger(60, 50, 50, 3))
  expect(kinds(one.up(finger(70, 50, 50, 3)))).toEqual(['tap'])
})

it('ends what a second finger or the browser interrupts', () => {
  const one = new OneFinger()
  one.down(finger(0, 50, 50))
  one.rested()
  expect(kinds(one.down(finger(600, 90, 50, 2)))).toEqual(['held'])
  one.cancel(1)
  one.cancel(2)
  one.down(finger(700, 50, 50))
  one.rested()
  expect(kinds(one.cancel(1), one.move(finger(800, 90, 90)))).toEqual(['held', null])
})
