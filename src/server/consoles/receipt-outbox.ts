import type { Clock } from '../../shared/clock.ts'
import type { Dropped } from '../../shared/relay-protocol.ts'
import { joinRange, type Receipt } from './input-stream.ts'

type Write = (receipt: Receipt, sent?: () => void) => void
type Taken = Extract<Receipt, { type: 'taken' }>

/** A `taken` waits so long for output to leave with: as a rule the echo of its key. */
const COMPANY_MS = 10

/**
 * Sends receipts. A `taken` leaves together with output, since to send it alone costs as much as the output itself. What
 * was dropped leaves at once: a person waits for that.
 *
 * It bounds the receipts that wait for a viewer that does not read. While some are on their way, the next ones gather:
 * neighbours alike become one, and a `taken` takes the place of the one before. What was dropped goes first, since `taken` means
 * all below that was not dropped.
 */
export class ReceiptOutbox {
  readonly #write: Write
  readonly #clock: Pick<Clock, 'after'>
  /**
   * null: nothing was. An empty list that waits for its first range grows old meanwhile, and then keeps what it had until
   * the next large collection.
   */
  #dropped: Dropped[] | null = null
  #taken: Taken | null = null
  #underWay = false
  /** A `taken` waits for company. */
  #cancelWait: (() => void) | null = null

  /** All that was under way has left this process. */
  readonly #sent = () => this.#send()

  constructor(write: Write, clock: Pick<Clock, 'after'>) {
    this.#write = write
    this.#clock = clock
  }

  push(receipt: Receipt): void {
    if (receipt.type === 'taken') {
      this.#taken = receipt
    } else {
      const { type, ...range } = receipt
      this.#dropped ??= []
      joinRange(this.#dropped, range)
    }
    if (this.#underWay) return
    if (this.#dropped) this.#send()
    else this.#cancelWait ??= this.#clock.after(COMPANY_MS, () => this.#send())
  }

  /** Output leaves now. */
  outputLeaves(): void {
    if (this.#cancelWait) this.#send()
  }

  /** Nothing can leave later: what waits leaves now, also behind what is on its way. */
  allLeave(): void {
    this.#send()
  }

  stop(): void {
    this.#cancelWait?.()
    this.#cancelWait = null
  }

  #send(): void {
    this.stop()
    const taken = this.#taken
    const dropped = this.#dropped
    this.#taken = null
    this.#dropped = null
    this.#underWay = taken !== null || dropped !== null
    const last = taken ?? dropped?.at(-1)
    for (const range of dropped ?? [])
      this.#write({ type: 'dropped', ...range }, range === last ? this.#sent : undefined)
    if (taken) this.#write(taken, this.#sent)
  }
}
