import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { SIGN_CONTEXT } from '../../../shared/lines/boot-signs.ts'
import type { TimedSign } from '../../../shared/lines/boots.ts'
import type { LogReader } from '../store/store.ts'
import { addSign, SignScan } from './sign-scan.ts'

const MIB = 1024 * 1024
export const sizes = {
  /** What was scanned is remembered by blocks. */
  block: MIB,
  /** The scan of the end goes on with so much. After more, it begins anew at the end. */
  goesOn: 4 * MIB,
  /** A scan begins so far before its block. */
  context: SIGN_CONTEXT,
}
export type Sizes = typeof sizes
/** The first scans are small, since the newest boot is near the end. Each is twice the one before, up to so many blocks. */
const MOST_BLOCKS = 8

/** How much may be scanned for an answer, or a little more, and for how long somebody waits for it */
export interface Budget {
  bytes: number
  left?: AbortSignal | undefined
}

/** The signs of boots in one line's log. It scans what it is asked about, and remembers that. */
export class LineSigns {
  readonly #blocks = new Map<number, readonly TimedSign[]>()
  /** Known for this answer only */
  readonly #unsettled = new Set<number>()
  /** The newest block, which still grows */
  #tip: { block: number; scan: SignScan; signs: TimedSign[] } | null = null
  readonly #oneAtATime = pLimit(1)
  readonly #atOnce: ReturnType<typeof pLimit>

  readonly #sizes: Sizes

  constructor(atOnce: ReturnType<typeof pLimit>, own: Sizes) {
    this.#atOnce = atOnce
    this.#sizes = own
  }

  /** A log that is shorter than before is another. */
  fits(reader: LogReader): boolean {
    return reader.end >= (this.#tip?.scan.next ?? 0)
  }

  /** How many it remembers */
  get size(): number {
    return [...this.#blocks.values()].reduce((sum, { length }) => sum + length, 1)
  }

  /**
   * The signs before a place, from its block to the oldest, each block's in order. It ends early when the budget is
   * spent or the asker leaves: then the last is null.
   */
  async *back(reader: LogReader, place: number, budget: Budget): AsyncGenerator<readonly TimedSign[] | null> {
    this.#forgetBefore(reader.start)
    let most = 1
    for (
      let block = this.#blockOf(Math.min(place, reader.end));
      block >= this.#blockOf(reader.start);
      block--
    ) {
      if (!this.#isKnown(block, reader)) {
        if (budget.bytes <= 0 || budget.left?.aborted) return yield null
        await this.#inTurn(() => this.#scan(block, most, reader, budget))
        if (budget.left?.aborted) return yield null
        most = Math.min(MOST_BLOCKS, 2 * most)
      }
      const signs = this.#blocks.get(block) ?? (this.#tip?.block === block ? this.#tip.signs : [])
      yield signs.filter(({ sign }) => sign.at >= reader.start && sign.at < place)
    }
  }

  #isKnown(block: number, reader: LogReader): boolean {
    if (this.#tip?.block === block) return this.#tip.scan.next >= reader.end
    return this.#blocks.has(block)
  }

  #inTurn(scan: () => Promise<void>): Promise<void> {
    return this.#oneAtATime(() => this.#atOnce(scan))
  }

  /** Scans a block, and some of those before it that are not known. */
  async #scan(block: number, most: number, reader: LogReader, budget: Budget): Promise<void> {
    const tip = this.#tip
    if (!tip || block >= tip.block) await this.#scanEnd(reader, budget)
    // Another may have asked for the same.
    if (this.#isKnown(block, reader)) return
    let first = block
    while (
      block - first + 1 < most &&
      first > this.#blockOf(reader.start) &&
      !this.#isKnown(first - 1, reader)
    )
      first--
    const scan = await SignScan.before(first * this.#sizes.block, this.#sizes.context, reader)
    const end = (block + 1) * this.#sizes.block
    const found: TimedSign[][] = Array.from({ length: block - first + 1 }, () => [])
    while (scan.told < end) {
      const signs = await step(scan, reader, budget)
      if (!signs) break
      for (const each of signs) {
        const signsOfBlock = found[this.#blockOf(each.sign.at) - first]
        if (signsOfBlock) addSign(signsOfBlock, each)
      }
      await setImmediate()
      if (budget.left?.aborted) break
    }
    for (const [index, signs] of found.entries()) {
      const isTold = scan.told >= (first + index + 1) * this.#sizes.block
      if (!isTold && budget.left?.aborted) break
      this.#blocks.set(first + index, signs)
      // The log ends with a row that began there. Once it has ended, it may be a sign.
      if (!isTold) this.#unsettled.add(first + index)
    }
  }

  async #scanEnd(reader: LogReader, budget: Budget): Promise<void> {
    const { end } = reader
    if (!this.#tip || end - this.#tip.scan.next > this.#sizes.goesOn) {
      const block = this.#blockOf(end)
      this.#blocks.delete(block)
      this.#tip = {
        block,
        scan: await SignScan.before(block * this.#sizes.block, this.#sizes.context, reader),
        signs: [],
      }
    }
    const tip = this.#tip
    while (tip.scan.next < end) {
      const signs = await step(tip.scan, reader, budget)
      if (!signs) return
      for (const each of signs) {
        this.#endBlocks(tip, this.#blockOf(each.sign.at) * this.#sizes.block)
        if (each.sign.at >= tip.block * this.#sizes.block) addSign(tip.signs, each)
      }
      this.#endBlocks(tip, tip.scan.told)
      await setImmediate()
      if (budget.left?.aborted) return
    }
  }

  /** @param told all signs before this place are known */
  #endBlocks(tip: { block: number; signs: TimedSign[] }, told: number): void {
    while (told >= (tip.block + 1) * this.#sizes.block) {
      this.#blocks.set(tip.block, tip.signs)
      tip.block += 1
      tip.signs = []
    }
  }

  #blockOf(place: number): number {
    return Math.floor(place / this.#sizes.block)
  }

  #forgetBefore(start: number): void {
    for (const block of this.#unsettled) this.#blocks.delete(block)
    this.#unsettled.clear()
    for (const block of this.#blocks.keys())
      if ((block + 1) * this.#sizes.block <= start) this.#blocks.delete(block)
  }
}

async function step(scan: SignScan, reader: LogReader, budget: Budget): Promise<TimedSign[] | null> {
  const from = scan.next
  const signs = await scan.step(reader)
  budget.bytes -= scan.next - from
  return signs
}
