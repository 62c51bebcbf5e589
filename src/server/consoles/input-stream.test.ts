import { describe, expect, it } from 'vitest'
import { type Dropped, MAX_DROPPED } from '../../shared/relay-protocol.ts'
import { InputStream, InputStreams, joinRange, type Receipt } from './input-stream.ts'

const range = (from: number, to: number, why: Dropped['why'] = 'not-writer'): Dropped => ({
  from,
  to,
  why,
  fate: 'never-sent',
})

describe('dropped ranges', () => {
  it('are kept in order, and neighbours alike are one', () => {
    const ranges: Dropped[] = []
    for (const each of [range(4, 6), range(0, 2), range(6, 7, 'line-down'), range(2, 4)]) {
      joinRange(ranges, each)
    }
    expect(ranges).toEqual([range(0, 6), range(6, 7, 'line-down')])
  })

  it('are copies: who gave one has it as it was', () => {
    const ranges: Dropped[] = []
    const given = range(0, 2)
    joinRange(ranges, given)
    joinRange(ranges, range(2, 4))
    expect(ranges).toEqual([range(0, 4)])
    expect(given).toEqual(range(0, 2))
  })

  it('are bounded: of too many, the oldest become one of which nothing is known', () => {
    const ranges: Dropped[] = []
    for (let at = 0; at < 100; at++) joinRange(ranges, range(2 * at, 2 * at + 1))
    expect(ranges).toHaveLength(MAX_DROPPED)
    expect(ranges[0]).toEqual({ ...range(0, 2 * (100 - MAX_DROPPED) + 1), fate: 'unknown' })
    expect(ranges.at(-1)).toEqual(range(198, 199))
  })
})

describe('a stream of input', () => {
  it('tells its page of each fate, and whoever comes back of those that it does not know', () => {
    const stream = new InputStream('ada', 0)
    const told: Receipt[] = []
    stream.reader = (receipt) => void told.push(receipt)
    expect([stream.add(10), stream.add(5)]).toEqual([0, 10])
    stream.drop(range(10, 15))
    stream.take(0, 4, 'pong')
    expect(stream.waiting).toBe(6)
    expect(told).toEqual([
      { type: 'dropped', ...range(10, 15) },
      { type: 'taken', upTo: 4, proof: 'pong' },
    ])
    expect(stream.state(0)).toEqual({ next: 15, proved: 4, dropped: [range(10, 15)] })
    stream.reader = null
    stream.take(4, 10, 'pong')
    expect(stream.state(12)).toEqual({ next: 15, proved: 15, dropped: [range(12, 15)] })
    expect(stream.state(15)).toEqual({ next: 15, proved: 15, dropped: [] })
  })

  const claim = (number: number) => ({ stream: `stream-${number}`, known: 0 })
  const reader = () => {}

  function session() {
    const streams = new InputStreams()
    const join = (number: number, client = 'ada', party = client) => {
      const joined = streams.join({ client, party }, claim(number))
      joined.stream.reader = reader
      return joined
    }
    const knows = (number: number, client = 'ada') => streams.find(client, claim(number)) !== undefined
    return { streams, join, knows }
  }

  it('is remembered after its page is gone, and forgotten only when many others are gone later', () => {
    const { streams, join, knows } = session()
    const first = join(0).stream
    first.add(3)
    for (let number = 1; number <= 100; number++) streams.leave(join(number).stream)
    expect(join(0)).toEqual({ stream: first, isNew: false })
    streams.leave(first)
    expect([100, 70, 69].map((number) => knows(number))).toEqual([true, true, false])
    expect(knows(0, 'bob')).toBe(false)
  })

  it('is remembered when its page is cut off after hours, however often others came and went meanwhile', () => {
    const { streams, join, knows } = session()
    const first = join(0).stream
    for (let number = 1; number <= 100; number++) streams.leave(join(number).stream)
    streams.leave(first)
    expect(knows(0)).toBe(true)
  })

  it('is not forgotten because another person reloads a page, in one tab or in many', () => {
    const { streams, join, knows } = session()
    streams.leave(join(0).stream)
    for (let number = 1; number <= 10_000; number++) {
      streams.leave(join(number, `eve-${number % 7}`, 'eve').stream)
    }
    expect(knows(0)).toBe(true)
    const kept = Array.from({ length: 10_000 }, (_, number) => knows(number, `eve-${number % 7}`))
    expect(kept.filter(Boolean).length).toBeLessThan(32)
  })
})
