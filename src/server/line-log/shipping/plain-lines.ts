import type { Clock } from '../../../shared/clock.ts'
import { SILENCE_MS } from '../../../shared/guard/guard.ts'
import type { LogMark } from '../../../shared/line-log.ts'
import { Lines } from '../../../shared/lines/lines.ts'
import { TokenBucket } from '../../../shared/token-bucket.ts'
import type { LineRef } from '../store/store.ts'
import { type Entry, Times, wordsOf } from './entry.ts'

const MIB = 1024 * 1024
/**
 * A flood of one machine must not take the time that all others need. This is more than a serial port says: what comes
 * faster is left out.
 */
const RATE = { burst: 4 * MIB, perSecond: MIB / 2 }
/** A line takes as much time as so many bytes, beside its own. */
const LINE_BYTES = 50

interface PlainLinesOptions {
  line: LineRef
  clock: Clock
  emit(entry: Entry): void
}

/** Turns what one server's line says into lines of plain text. A line leaves when it ends. */
export class PlainLines {
  readonly #options: PlainLinesOptions
  readonly #times = new Times()
  readonly #lines: Lines
  readonly #budget: TokenBucket
  #decoder = new TextDecoder()
  /** When the newest byte came */
  #spoke = 0
  #skipped = 0

  constructor(options: PlainLinesOptions) {
    this.#options = options
    this.#budget = new TokenBucket(RATE, options.clock)
    this.#lines = new Lines(({ text }) => {
      this.#budget.borrow(LINE_BYTES)
      this.#emit('line', text.trimEnd(), this.#spoke)
    })
  }

  append(bytes: Buffer, time: number): void {
    if (this.#budget.borrow(0) > 0) {
      this.#skipped += bytes.length
      return
    }
    this.#budget.borrow(bytes.length)
    this.#tellSkipped()
    if (time - this.#spoke >= SILENCE_MS) this.#lines.flush(this.#spoke)
    this.#spoke = time
    this.#lines.push(this.#decoder.decode(bytes, { stream: true }), time)
  }

  mark(mark: LogMark, time: number): void {
    const words = wordsOf(mark)
    if (words === null) return
    // What follows a seam or a gap is not the rest of the line before it.
    if (mark.kind === 'seam' || mark.kind === 'gap') this.#break()
    this.#emit('mark', words, time)
  }

  close(): void {
    this.#tellSkipped()
    this.#break()
  }

  #tellSkipped(): void {
    if (this.#skipped === 0) return
    this.#break()
    this.#emit('loss', `${this.#skipped} bytes are missing here: they came too fast.`, this.#spoke)
    this.#skipped = 0
  }

  /** A line without its end is one, too. */
  #break(): void {
    const rest = this.#decoder.decode()
    this.#decoder = new TextDecoder()
    this.#lines.push(rest, this.#spoke)
    this.#lines.end(this.#spoke)
  }

  #emit(type: Entry['type'], text: string, time: number): void {
    if (text !== '') this.#options.emit({ line: this.#options.line, type, text, ...this.#times.next(time) })
  }
}
