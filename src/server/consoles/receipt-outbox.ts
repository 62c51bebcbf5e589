import type { Dropped } from '../../shared/relay-protocol.ts'
import { joinRange, type Receipt } from './input-stream.ts'

type Write = (receipt: Receipt, sent?: () => void) => void
type Taken = Extract<Receipt, { type: 'taken' }>

/**
 * Bounds the receipts that wait for a viewer that does not read. While some are on their way, the next ones gather:
 * neighbours alike become one, and a `taken` takes the place of the one before. What was dropped goes first, since `taken` means
 * all below that was not dropped.
 */
export class ReceiptOutbox {
  readonly #write: Write
  #dropped: Dropped[] = []
  #taken: Taken | null = null
  #underWay = false

  constructor(write: Write) {
    this.#write = write
  }

  push(receipt: Receipt): void {
    if (receipt.type === 'taken') {
      this.#taken = receipt
    } else {
      const { type, ...range } = receipt
      joinRange(this.#dropped, range)
    }
    if (!this.#underWay) this.#send()
  }

  #send(): void {
    const receipts: Receipt[] = this.#dropped.map((range) => ({ type: 'dropped', ...range }))
    if (this.#taken) receipts.push(this.#taken)
    this.#dropped = []
    this.#taken = null
    this.#underWay = receipts.length > 0
    receipts.forEach((receipt, index) => {
      if (index < receipts.length - 1) this.#write(receipt)
      else this.#write(receipt, () => this.#send())
    })
  }
}
