import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { type BootSign, BootSigns } from '../../../shared/lines/boot-signs.ts'
import { type Boot, Boots } from '../../../shared/lines/boots.ts'
import type { LineReader } from '../store/store.ts'
import { timesOf } from './times.ts'

/** A turn takes about a millisecond. */
const PIECE = 64 * 1024
/** Scans under way. Each reads from disk, and others wait for their turn. */
const AT_ONCE = 2
/** A line that nobody asks about is forgotten, and scanned anew when somebody does. */
const MOST_LINES = 200

/** The boots of each line. A line's log is scanned when somebody asks, and then only what came since. */
export class BootIndex {
  readonly #scans = new Map<string, Scan>()
  readonly #limit = pLimit(AT_ONCE)

  /** @returns the newest, oldest first; fewer if the caller has `left` meanwhile */
  async boots(reader: LineReader, left?: AbortSignal): Promise<Boot[]> {
    const { id } = reader.line.server
    const known = this.#scans.get(id)
    const scan = known?.fits(reader) ? known : new Scan(reader.start)
    // The one asked for last is the last to be forgotten.
    this.#scans.delete(id)
    this.#scans.set(id, scan)
    const [oldest] = this.#scans.keys()
    if (this.#scans.size > MOST_LINES && oldest !== undefined) this.#scans.delete(oldest)
    if (scan.next < reader.end) await this.#limit(() => scan.read(reader, left))
    return scan.boots.filter(({ at }) => at >= reader.start)
  }
}

class Scan {
  readonly #boots = new Boots()
  #found: BootSign[] = []
  readonly #signs: BootSigns
  #next: number
  #reading: Promise<void> = Promise.resolve()

  constructor(start: number) {
    this.#next = start
    this.#signs = new BootSigns(start, (sign) => this.#found.push(sign))
  }

  get next(): number {
    return this.#next
  }

  get boots(): readonly Boot[] {
    return this.#boots.list
  }

  /** A log that is shorter than before is another. */
  fits(reader: LineReader): boolean {
    return reader.end >= this.#next
  }

  /** Reads on to the end. Whoever asks meanwhile waits for the same bytes. */
  read(reader: LineReader, left?: AbortSignal): Promise<void> {
    const mine = this.#reading.then(() => this.#readOn(reader, left))
    this.#reading = mine.catch(() => {})
    return mine
  }

  /** @param at the offset of the first of the bytes */
  #readTo(end: number, bytes: Buffer, at: number, breaks: boolean): void {
    this.#signs.push(bytes.subarray(this.#next - at, end - at))
    if (breaks) this.#signs.skip(end)
    this.#next = end
  }

  async #readOn(reader: LineReader, left?: AbortSignal): Promise<void> {
    const { end } = reader
    while (this.#next < end && !left?.aborted) {
      const { at, bytes } = await reader.read(this.#next, PIECE)
      if (at > this.#next) this.#signs.skip(at)
      this.#next = at
      for (const { at: seam, mark } of await reader.marks(at, at + bytes.length - 1)) {
        // Whatever was printed meanwhile is missing, so the row before it has ended.
        if (mark.kind === 'seam') this.#readTo(seam, bytes, at, true)
      }
      this.#readTo(at + bytes.length, bytes, at, false)
      const found = this.#found
      this.#found = []
      const times = await timesOf(
        reader,
        found.map((sign) => sign.at),
      )
      for (const [index, sign] of found.entries()) this.#boots.add(sign, times[index] ?? 0)
      if (bytes.length === 0) return
      await setImmediate()
    }
  }
}
