import { createHash } from 'node:crypto'
import { type BootSign, BootSigns } from '../../../shared/lines/boot-signs.ts'
import type { TimedSign } from '../../../shared/lines/boots.ts'
import type { LogReader } from '../store/store.ts'
import { timesOf } from './times.ts'

/** A turn takes about a millisecond. */
const PIECE = 64 * 1024
/** A scan that begins within the log looks for the begin of a row in so many bytes more. */
const ROW_BEGIN = 16 * 1024
const FEED = 0x0a

/** Reads a line's log forward, piece by piece, and finds the signs of boots. */
export class SignScan {
  readonly #signs: BootSigns
  #next: number
  #found: BootSign[] = []

  private constructor(at: number) {
    this.#next = at
    this.#signs = new BootSigns(at, (sign) => this.#found.push(sign))
  }

  /**
   * Begins so far before this place that the signs from there on are those of a scan of the whole log.
   * @param context a sign depends on so many bytes before it
   */
  static async before(place: number, context: number, reader: LogReader): Promise<SignScan> {
    const from = Math.max(reader.start, place - context - ROW_BEGIN)
    if (from === reader.start) return new SignScan(from)
    for (let next = from; next < from + ROW_BEGIN; ) {
      const { at, bytes } = await reader.read(next, from + ROW_BEGIN - next)
      // What comes after missing bytes begins a row.
      if (at > next || bytes.length === 0) return new SignScan(at)
      const feed = bytes.indexOf(FEED)
      if (feed >= 0) return new SignScan(at + feed + 1)
      next = at + bytes.length
    }
    // A row without an end may be read from anywhere.
    return new SignScan(from)
  }

  /** What was read ends here. */
  get next(): number {
    return this.#next
  }

  /** All signs before this place were found. */
  get told(): number {
    return this.#signs.told
  }

  /** Reads a piece. @returns the signs that are known now; null: there is nothing more */
  async step(reader: LogReader): Promise<TimedSign[] | null> {
    const { at, bytes } = await reader.read(this.#next, Math.min(PIECE, reader.end - this.#next))
    if (at > this.#next) this.#signs.skip(at)
    this.#next = at
    if (bytes.length === 0) return null
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
    return found.map((sign, index) => ({
      sign: { ...sign, text: nameOf(sign) },
      time: times[index] ?? 0,
    }))
  }

  /** @param at the offset of the first of the bytes */
  #readTo(end: number, bytes: Buffer, at: number, breaks: boolean): void {
    this.#signs.push(bytes.subarray(this.#next - at, end - at))
    if (breaks) this.#signs.skip(end)
    this.#next = end
  }
}

/** Enough to know its text again. A text would keep all of its piece in memory. */
function nameOf(sign: BootSign): string {
  const comesOnce = sign.kind === 'begin' && (sign.first || sign.stage === 'kernel')
  return comesOnce ? createHash('sha256').update(sign.text).digest('base64url').slice(0, 16) : ''
}

/** Signs that follow each other this soon, and tell the same, are kept as the first and the last of them. */
const SAME_MS = 30_000
/** A machine may print signs only. */
const MOST_SIGNS = 1_000

/** Adds a sign of a block, unless it tells nothing new: a firmware's menu is drawn each second. */
export function addSign(signs: TimedSign[], added: TimedSign): void {
  const [first, second] = signs.slice(-2)
  if (first && second && added.time - first.time < SAME_MS && tellSame([first, second, added]))
    signs[signs.length - 1] = added
  else if (signs.length < MOST_SIGNS) signs.push(added)
}

/** Whether `Boots` gives the same without the second of three. */
function tellSame(three: readonly [TimedSign, TimedSign, TimedSign]): boolean {
  const [one, other, last] = three.map(({ sign }) => sign) as [BootSign, BootSign, BootSign]
  if (one.printed || other.printed || last.printed) return one.printed && other.printed && last.printed
  const key = keyOf(last)
  return key !== null && keyOf(one) === key && keyOf(other) === key
}

/** null: each counts, since it may begin a boot. */
function keyOf(sign: BootSign): string | null {
  if (sign.kind === 'end') return 'end'
  return sign.first || sign.stage === 'kernel' ? null : sign.stage
}
