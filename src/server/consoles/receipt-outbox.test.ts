import { describe, expect, it } from 'vitest'
import type { Receipt } from './input-stream.ts'
import { ReceiptOutbox } from './receipt-outbox.ts'

function start() {
  const written: Receipt[] = []
  const waiting: (() => void)[] = []
  const outbox = new ReceiptOutbox((receipt, sent) => {
    written.push(receipt)
    if (sent) waiting.push(sent)
  })
  return { outbox, written, sent: () => waiting.shift()?.() }
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
  it('leave at once while the viewer reads', () => {
    const { outbox, written, sent } = start()
    for (const receipt of [taken(1), dropped(1, 2), taken(3)]) {
      outbox.push(receipt)
      sent()
    }
    expect(written).toEqual([taken(1), dropped(1, 2), taken(3)])
  })

  it('gather while it does not: what was dropped comes before what is taken beyond it', () => {
    const { outbox, written, sent } = start()
    outbox.push(taken(1))
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
    expect(written.at(-1)).toEqual(taken(700))
  })
})
