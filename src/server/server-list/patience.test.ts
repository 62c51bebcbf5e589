import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { Patience } from './patience.ts'

function setUp(count = 1_000) {
  const clock = new ManualClock()
  let given = 0
  const patience = new Patience(clock, () => {
    given += 1
  })
  const pieces = patience.with(Readable.from(Array.from({ length: count }, (_, at) => at)))
  return { clock, patience, pieces, given: () => given }
}

it('waits 30 s for a piece to be taken', async () => {
  const { clock, pieces, given } = setUp()
  for (let at = 0; at < 3; at++) {
    await pieces.next()
    clock.advance(29_999)
  }
  expect(given()).toBe(0)
  clock.advance(1)
  expect(given()).toBe(1)
  expect(clock.pending).toBe(0)
})

it('waits 3 min for all of them', async () => {
  const { clock, pieces, given } = setUp()
  let taken = 0
  while (given() === 0) {
    await pieces.next()
    clock.advance(10_000)
    taken += 1
  }
  expect(taken).toBe(18)
})

it('does not count the time until a piece is there', async () => {
  const clock = new ManualClock()
  let given = 0
  async function* slowCloud() {
    for (let at = 0; at < 100; at++) {
      clock.advance(60_000)
      yield at
    }
  }
  const patience = new Patience(clock, () => {
    given += 1
  })
  for await (const _ of patience.with(slowCloud())) clock.advance(1)
  expect(given).toBe(0)
})

it('waits for the last ones to arrive, until the connection says so', async () => {
  const { clock, patience, pieces, given } = setUp(1)
  for await (const _ of pieces);
  clock.advance(29_999)
  patience.end()
  expect([given(), clock.pending]).toEqual([0, 0])
  const late = setUp(1)
  for await (const _ of late.pieces);
  late.clock.advance(30_000)
  expect(late.given()).toBe(1)
})

it('waits for nothing where the reader has left', async () => {
  const { clock, patience, pieces, given } = setUp()
  await pieces.next()
  patience.end()
  await pieces.next()
  await pieces.return()
  clock.advance(60_000)
  expect([given(), clock.pending]).toEqual([0, 0])
})
