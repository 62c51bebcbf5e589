import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import type { Receipt } from './input-stream.ts'
import { ReceiptOutbox } from './receipt-outbox.ts'

function start() {
  const written: Receipt[] = []
  const waiting: (() => void)[] = []
  const clock = new ManualClock()
  const outbox = new ReceiptOutbox((receipt, sent) => {
    written.push(receipt)
    if (sent) waiting.push(sent)
  }, clock)
  return { outbox, written, clock, sent: () => waiting.shift()?.() }
}

const taken = (upTo: number): Receipt => ({ type: 'taken', upTo, proof: 'pong' })
const dropped = (from: number, to: number, fate: 'never-sent' | 'unknown' = 'never-sent'): Receipt => ({
  type: 'dropped',
  from,
  to,
  why: 'line-lost',
  fate,
})

describe('receipts for a viewer', () => {
  it('leave at once where something was dropped, with what was taken before', () => {
    const { outbox, written, sent } = start()
    outbox.push(dropped(1, 2))
    sent()
    outbox.push(taken(3))
    outbox.push(dropped(3, 4))
    expect(written).toEqual([dropped(1, 2), dropped(3, 4), taken(3)])
  })

  it('leave with output, or 10 ms later', () => {
    const { outbox, written, clock, sent } = start()
    outbox.outputLeaves()
    outbox.push(taken(1))
    outbox.push(taken(2))
    expect(written).toEqual([])
    outbox.outputLeaves()
    expect(written).toEqual([taken(2)])
    sent()
    outbox.push(taken(3))
    clock.advance(9)
    expect(written).toEqual([taken(2)])
    clock.advance(1)
    expect(written).toEqual([taken(2), taken(3)])
    sent()
    outbox.push(taken(4))
    outbox.stop()
    clock.advance(10)
    expect(written).toEqual([taken(2), taken(3)])
    expect(clock.pending).toBe(0)
  })

  it('leave all, also behind what is on its way, where nothing can leave later', () => {
    const { outbox, written, clock, sent } = start()
    outbox.push(taken(1))
    clock.advance(10)
    outbox.push(dropped(2, 3, 'unknown'))
    outbox.push(dropped(3, 4))
    expect(written).toEqual([taken(1)])
    outbox.allLeave()
    expect(written).toEqual([taken(1), dropped(2, 3, 'unknown'), dropped(3, 4)])
    outbox.allLeave()
    sent()
    sent()
    expect(written).toHaveLength(3)
    expect(clock.pending).toBe(0)
  })

  it('gather while it does not: what was dropped comes before what is taken beyond it', () => {
    const { outbox, written, clock, sent } = start()
    outbox.push(taken(1))
    clock.advance(10)
    for (let at = 1; at < 100; at++) {
      outbox.push(taken(2 * at))
      outbox.push(dropped(1_000 + at, 1_001 + at))
    }
    outbox.push(dropped(500, 501, 'unknown'))
    expect(written).toEqual([taken(1)])
    sent()
    expect(written.slice(1)).toEqual([dropped(500, 501, 'unknown'), dropped(1_001, 1_100), taken(198)])
    outbox.push(taken(600))
    sent()
    expect(written.at(-1)).toEqual(taken(600))
    sent()
    outbox.push(taken(700))
    clock.advance(10)
    expect(written.at(-1)).toEqual(taken(700))
  })
})
