import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { MemoryStore } from '../../../testing/line-log.ts'
import type { Lifetime } from '../../deadline.ts'
import type { LineRef } from '../store/store.ts'
import type { Entry } from './entry.ts'
import { shippedStore } from './shipped-store.ts'
import { type Destination, type Outcome, Shipper } from './shipper.ts'

const MIB = 1024 * 1024
const lineOf = (id: string): LineRef => ({ server: { id, name: `name of ${id}` }, project: null })

/** All that is under way goes on. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A destination that answers when the test says so. */
class Slow implements Destination {
  readonly batches: (readonly Entry[])[] = []
  #answer: ((outcome: Outcome) => void) | null = null
  #within: Lifetime | null = null

  send(batch: readonly Entry[], within: Lifetime): Promise<Outcome> {
    expect(this.#answer).toBeNull()
    this.batches.push(batch)
    this.#within = within
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  get busy(): boolean {
    return this.#answer !== null
  }

  get isOver(): boolean {
    return this.#within?.isOver ?? false
  }

  /** @returns when the shipper has heard it */
  async answer(kind: Outcome['kind']): Promise<void> {
    await turn()
    const answer = this.#answer
    this.#answer = null
    answer?.(kind === 'taken' ? { kind } : { kind, why: 'test' })
    await turn()
  }

  texts(index: number): string[] {
    return (this.batches[index] ?? []).map(({ text }) => text)
  }
}

function open() {
  const clock = new ManualClock()
  const destination = new Slow()
  const logged: { msg: string; lost?: number; refused?: number }[] = []
  const log = pino({ level: 'info' }, { write: (text) => logged.push(JSON.parse(text)) })
  const shipper = new Shipper({ destination, clock, log, random: () => 0 })
  const say = (text: string, id = 'a') => {
    const line = shipper.open(lineOf(id))
    line.append(Buffer.from(`${text}\n`), clock.now())
    line.close()
  }
  return { clock, destination, logged, shipper, say }
}

describe('a shipper', () => {
  it('sends what came within a second together, one batch at a time', async () => {
    const { clock, destination, say } = open()
    say('one')
    clock.advance(999)
    say('two', 'b')
    expect(destination.busy).toBe(false)
    clock.advance(1)
    expect(destination.texts(0)).toEqual(['one', 'two'])
    say('three')
    clock.advance(5_000)
    expect(destination.batches).toHaveLength(1)
    await destination.answer('taken')
    clock.advance(1_000)
    expect(destination.texts(1)).toEqual(['three'])
    await destination.answer('taken')
    clock.advance(60_000)
    expect(destination.batches).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('sends at once when a batch is full, and no more in one', async () => {
    const { destination, say } = open()
    const kib = 'x'.repeat(1000)
    for (let count = 0; count < 900; count++) say(kib)
    expect(destination.batches).toHaveLength(1)
    expect(destination.texts(0).join('').length).toBeLessThan(MIB / 2)
    await destination.answer('taken')
    expect(destination.batches).toHaveLength(2)
  })

  it('tries the same batch again after longer and longer waits, and then goes on in order', async () => {
    const { clock, destination, logged, say } = open()
    say('one')
    clock.advance(1_000)
    for (const wait of [1_000, 2_000, 4_000]) {
      await destination.answer('later')
      say(`after ${wait}`)
      clock.advance(wait - 1)
      expect(destination.busy).toBe(false)
      clock.advance(1)
      expect(destination.busy).toBe(true)
    }
    expect(destination.batches.map((_, index) => destination.texts(index))).toEqual(
      Array.from({ length: 4 }, () => ['one']),
    )
    await destination.answer('taken')
    clock.advance(1_000)
    expect(destination.texts(4)).toEqual(['after 1000', 'after 2000', 'after 4000'])
    expect(logged.map(({ msg }) => msg)).toEqual([
      'lines cannot be shipped, and wait',
      'lines are shipped again',
    ])
  })

  it('drops a batch that is refused, and counts it', async () => {
    const { clock, destination, logged, say, shipper } = open()
    say('one')
    clock.advance(1_000)
    await destination.answer('refused')
    say('two')
    clock.advance(1_000)
    expect(destination.texts(1)).toEqual(['two'])
    await destination.answer('taken')
    await shipper.close()
    expect(logged.at(-1)).toMatchObject({ msg: 'lines were not shipped', lost: 0, refused: 1 })
  })

  it('keeps 16 MiB, and tells each server how many of its lines had to go', async () => {
    const { clock, destination, say } = open()
    say('under way')
    clock.advance(1_000)
    const kib = 'x'.repeat(1024 - 200)
    say('old', 'b')
    say('old', 'b')
    for (let count = 0; count < 16 * 1024 + 5; count++) say(kib)
    say('last')
    await destination.answer('taken')
    const [first, second, third] = destination.batches[1] ?? []
    expect(first).toMatchObject({ type: 'loss', line: lineOf('b') })
    expect(first?.text).toMatch(/^2 lines are missing here/)
    expect(second).toMatchObject({ type: 'loss', line: lineOf('a') })
    expect(second?.text).toMatch(/^[67] lines are missing here/)
    expect(third).toMatchObject({ type: 'line', text: kib })
    while (destination.busy) await destination.answer('taken')
    clock.advance(1_000)
    expect(destination.batches.at(-1)?.at(-1)?.text).toBe('last')
  })
})

describe('at its end, a shipper', () => {
  it('sends what waits, also what waited for another try', async () => {
    const { clock, destination, logged, say, shipper } = open()
    say('one')
    clock.advance(1_000)
    await destination.answer('later')
    say('two')
    const closed = shipper.close()
    await destination.answer('taken')
    await destination.answer('taken')
    await closed
    expect(destination.batches.map((_, index) => destination.texts(index))).toEqual([
      ['one'],
      ['one'],
      ['two'],
    ])
    expect(logged.at(-1)?.msg).toBe('lines are shipped again')
    expect(clock.pending).toBe(0)
  })

  it('gives up when it is told to try later', async () => {
    const { clock, destination, logged, say, shipper } = open()
    say('one')
    clock.advance(1_000)
    say('two')
    const closed = shipper.close()
    await destination.answer('later')
    await destination.answer('later')
    await closed
    expect(logged.at(-1)).toMatchObject({ msg: 'lines were not shipped', lost: 2, refused: 0 })
  })

  it('waits no longer than five seconds', async () => {
    const { clock, destination, logged, say, shipper } = open()
    say('one')
    clock.advance(1_000)
    const closed = shipper.close()
    clock.advance(5_000)
    await closed
    expect(destination.isOver).toBe(true)
    expect(logged.at(-1)).toMatchObject({ lost: 1 })
  })
})

it('ships what a store is given', async () => {
  const { clock, destination, shipper } = open()
  const store = new MemoryStore()
  const shipped = shippedStore(store, shipper)
  const writer = await shipped.open(lineOf('a'))
  writer.append(Buffer.from('one\n'), clock.now())
  writer.mark({ kind: 'boot' }, clock.now())
  writer.append(Buffer.from('two'), clock.now())
  writer.close()
  expect(writer.end).toBe(7)
  expect((await shipped.tail('a', 100))?.bytes.toString()).toBe('one\ntwo')
  expect(shipped.reader('a')?.end).toBe(7)
  expect(shipped.lines()).toEqual([lineOf('a')])
  const closed = shipped.close()
  await destination.answer('taken')
  await closed
  expect(destination.texts(0)).toEqual(['one', 'The machine began to boot.', 'two'])
  expect(store.closed).toBe(true)
})
