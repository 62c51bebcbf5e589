import type { CompiledQuery } from './query.ts'
import { CHUNK, type LogBytes, lineStart, type Range, type Scanned, scan } from './scan.ts'

/** Which blocks of one line's log may hold a text. */
export interface BlockIndex {
  readonly blockBytes: number
  /** A block's entry also covers so much of the next one. */
  readonly overlapBytes: number
  /** The first block that it covers, and the one after the last */
  readonly covered: { first: number; next: number }
  /** Blocks that may hold the text, newest first. null: it cannot tell. */
  find(text: string, range: { from: number; before: number; most: number }): number[] | null
}

const BLOCKS_AT_ONCE = 64

/** As `scan` does it, but reads only those blocks in which the index knows of the text. What it does not cover is read. */
export function scanIndexed(
  bytes: LogBytes,
  range: Range,
  query: CompiledQuery,
  most: number,
  mustStop: () => boolean,
  index: BlockIndex | null,
): Scanned {
  const text = query.literal?.text
  if (!index || text === undefined) return scan(bytes, range, query, most, mustStop)
  const { blockBytes, overlapBytes, covered } = index
  // A line that reaches beyond what is covered may have the text there.
  const newer = Math.max(range.from, Math.min(range.to, lineStart(bytes, covered.next * blockBytes)))
  const older = Math.min(newer, Math.max(range.from, covered.first * blockBytes))
  const scans = new Scans(bytes, query, most, mustStop)
  if (newer < range.to && scans.isOver({ from: newer, to: range.to })) return scans.result(range.from)
  // The range's last line may reach beyond it.
  for (let before = Math.ceil((newer + CHUNK) / blockBytes), upper = newer; upper > older; ) {
    const from = Math.floor(older / blockBytes)
    const blocks = index.find(text, { from, before, most: BLOCKS_AT_ONCE })
    // Every block may hold it.
    if (blocks === null) {
      if (scans.isOver({ from: older, to: upper })) return scans.result(range.from)
      break
    }
    for (const block of blocks) {
      const begin = Math.max(older, Math.min(upper, lineStart(bytes, block * blockBytes)))
      const end = Math.min(upper, (block + 1) * blockBytes + overlapBytes)
      if (begin < end && scans.isOver({ from: begin, to: end })) return scans.result(range.from)
      upper = Math.min(upper, begin)
      before = block
    }
    if (blocks.length < BLOCKS_AT_ONCE) break
  }
  if (older > range.from) scans.isOver({ from: range.from, to: older })
  return scans.result(range.from)
}

/** Several scans, from newer ranges to older ones. */
class Scans {
  readonly #bytes: LogBytes
  readonly #query: CompiledQuery
  readonly #most: number
  readonly #mustStop: () => boolean
  readonly #found: Scanned['found'] = []
  /** null: none of them ended before its time. */
  #stoppedAt: number | null = null

  constructor(bytes: LogBytes, query: CompiledQuery, most: number, mustStop: () => boolean) {
    this.#bytes = bytes
    this.#query = query
    this.#most = most
    this.#mustStop = mustStop
  }

  /** @returns true: there is enough, or it must stop */
  isOver(range: Range): boolean {
    const left = this.#most - this.#found.length
    const { found, reached } = scan(this.#bytes, range, this.#query, left, this.#mustStop)
    this.#found.push(...found)
    if (found.length < left && reached <= range.from && !this.#mustStop()) return false
    this.#stoppedAt = reached
    return true
  }

  result(from: number): Scanned {
    return { found: this.#found, reached: this.#stoppedAt ?? from }
  }
}
