import type { Masks } from './masks.ts'

/** So much of a line is looked at in one piece, bytes. No longer line waits for its end. */
export const PIECE = 4 * 1024
/** Pieces of a longer line overlap, so a match of half a piece is whole in one of them. */
const STEP = PIECE / 2

const NOTHING: Buffer = Buffer.alloc(0)
const STAR = 0x2a
const LINE_END = /[\r\n]/

/**
 * Masks what one line says. Each masked byte becomes `*`, so offsets stay the same. The end of a line decides what
 * matches in it, so the beginning of an unfinished line waits here. The owner, who has a clock, calls `flush`.
 *
 * The result is the same however the bytes are split.
 */
export class LineMask {
  readonly #masks: Masks
  /** What came since the last line end, or the last piece of it. It stays for a look at the whole line. */
  #raw = NOTHING
  /** The same with what is masked so far */
  #masked = NOTHING
  /** So much of it has left. */
  #left = 0
  /** A match reached the end of a piece, so all up to the line's end may belong to it. */
  #throughout = false

  constructor(masks: Masks) {
    this.#masks = masks
  }

  /** How many bytes wait. */
  get held(): number {
    return this.#raw.length - this.#left
  }

  /** @returns what may be kept now: the very bytes if nothing waits and nothing is masked */
  push(bytes: Buffer): Buffer {
    const look = new Look(
      this.#raw.length === 0 ? bytes : Buffer.concat([this.#raw, bytes]),
      this.#masked === this.#raw ? null : Buffer.concat([this.#masked, bytes]),
    )
    const at = this.#pass(look)
    const { raw, masked } = look
    const passed =
      this.#left === 0 && at === masked.length ? masked : masked.subarray(Math.min(this.#left, at), at)
    // A copy: the few bytes that wait must not keep a large buffer in memory.
    this.#raw = at === raw.length ? NOTHING : Buffer.from(raw.subarray(at))
    this.#masked = masked === raw || at === raw.length ? this.#raw : Buffer.from(masked.subarray(at))
    this.#left = Math.max(0, this.#left - at)
    return passed
  }

  /** The line has been silent, or another one begins. @returns what waited, with what can be masked of it by now */
  flush(): Buffer {
    if (this.held === 0) return NOTHING
    const look = new Look(this.#raw, this.#masked === this.#raw ? null : this.#masked)
    this.#find(look, 0, this.#raw.length, 0)
    this.#masked = look.masked
    const passed = Buffer.from(look.masked.subarray(this.#left))
    this.#left = this.#raw.length
    return passed
  }

  /** @returns where the part begins that has to wait */
  #pass(look: Look): number {
    const { raw } = look
    let at = 0
    while (at < raw.length) {
      if (this.#throughout) {
        const length = raw.toString('latin1', at).search(LINE_END)
        const end = length < 0 ? raw.length : at + length
        look.hide(at, end)
        this.#throughout = length < 0
        at = end
        continue
      }
      const piece = raw.toString('latin1', at, at + PIECE + 1)
      const lines = 1 + Math.max(piece.lastIndexOf('\n'), piece.lastIndexOf('\r'))
      if (lines > 0) {
        this.#passLines(look, at, piece.slice(0, lines))
        at += lines
      } else if (piece.length > PIECE) {
        this.#throughout = this.#find(look, at, at + PIECE, STEP)
        at += this.#throughout ? PIECE : STEP
      } else break
    }
    return at
  }

  /** @param lines whole lines with their ends */
  #passLines(look: Look, from: number, lines: string): void {
    if (!this.#masks.mayMatch(lines)) return
    let at = from
    for (const line of lines.split(LINE_END)) {
      if (line !== '') this.#find(look, at, at + line.length, Infinity)
      at += line.length + 1
    }
  }

  /** @returns whether a match reaches the end */
  #find({ raw, hide }: Look, from: number, to: number, countedTo: number): boolean {
    let reaches = false
    this.#masks.find(raw.toString('latin1', from, to), countedTo, (start, end) => {
      hide(from + start, from + end)
      reaches ||= from + end === to
    })
    return reaches
  }
}

/** Bytes under the masks. They are copied when something of them is masked for the first time. */
class Look {
  readonly raw: Buffer
  #copy: Buffer | null

  constructor(raw: Buffer, copy: Buffer | null) {
    this.raw = raw
    this.#copy = copy
  }

  get masked(): Buffer {
    return this.#copy ?? this.raw
  }

  readonly hide = (from: number, to: number): void => {
    this.#copy ??= Buffer.from(this.raw)
    this.#copy.fill(STAR, from, to)
  }
}
