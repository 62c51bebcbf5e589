import type { HeldReader } from '../line-log/store/store.ts'
import type { CastEvent } from './cast.ts'
import type { Note } from './notes.ts'

/** So much of the log is read at once. */
const PIECE_BYTES = 128 * 1024
/** A place in a stretch without a noted time is known to so many bytes. */
const UNTIMED_BYTES = 4 * 1024
/** An event is no longer. */
const MAX_EVENT_BYTES = 64 * 1024

/** The range of a line's log that a recording names */
export interface LogRange {
  from: number
  to: number
  /** When it began, epoch ms */
  startedAt: number
  /** The store that has the log is there. */
  isOpen: boolean
  /** Is told at the end, where the recording could not tell it itself. */
  lastWords: string | null
}

/**
 * A recording's events, made from the log and the notes: what the line said as UTF-8, in the order of its places, each
 * with the time at which it came.
 * @param reader null: nothing of the line is kept
 */
export async function* logEvents(
  range: LogRange,
  reader: HeldReader | null,
  notes: AsyncIterable<readonly Note[]>,
): AsyncGenerator<CastEvent[]> {
  const { from, to, lastWords } = range
  const source = new Source(range, reader)
  for await (const piece of notes) {
    let events: CastEvent[] = []
    for (const note of piece) {
      for await (const read of source.until(Math.min(to, from + note.at))) {
        events.push(...read)
        if (source.isLarge) {
          yield events
          events = []
        }
      }
      source.pass(note.ms)
      if (note.kind !== 'time') events.push([source.second, codeOf[note.kind], note.text])
    }
    yield events
  }
  for await (const read of source.rest()) yield read
  yield [
    ...source.end(),
    ...(lastWords === null ? [] : [[source.second, 'm', lastWords] satisfies CastEvent]),
  ]
}

const codeOf = { typed: 'i', marker: 'm', size: 'r' } as const

/** Reads the log from place to place. */
class Source {
  readonly #range: LogRange
  readonly #reader: HeldReader | null
  /** What comes next */
  #place: number
  #ms = 0
  #piece: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) }
  #decoder = newDecoder()
  #given = 0

  constructor(range: LogRange, reader: HeldReader | null) {
    this.#range = range
    this.#reader = reader
    this.#place = range.from
  }

  get second(): number {
    return this.#ms / 1000
  }

  /** Enough was given to be taken. */
  get isLarge(): boolean {
    if (this.#given < PIECE_BYTES) return false
    this.#given = 0
    return true
  }

  /** Time goes on, and never back. */
  pass(ms: number): void {
    this.#ms = Math.max(this.#ms, ms)
  }

  async *until(place: number): AsyncGenerator<CastEvent[]> {
    while (this.#place < place) {
      const { at, bytes } = await this.#read(Math.min(place - this.#place, MAX_EVENT_BYTES))
      if (at > this.#place) yield await this.#missing(Math.min(at, place))
      else {
        this.#place += bytes.length
        this.#given += bytes.length
        yield this.#say(this.#decoder.decode(bytes, { stream: true }))
      }
    }
  }

  /** What came after the last note: a process that was killed had no time to note it. The log knows it to a second. */
  async *rest(): AsyncGenerator<CastEvent[]> {
    const { to, startedAt } = this.#range
    while (this.#place < to) {
      const time = await this.#reader?.timeOf(this.#place)
      if (time !== undefined) this.pass(time - startedAt)
      yield* this.until(Math.min(to, this.#place + UNTIMED_BYTES))
    }
  }

  /** A character that was cut off becomes U+FFFD. */
  end(): CastEvent[] {
    const decoder = this.#decoder
    this.#decoder = newDecoder()
    return this.#say(decoder.decode())
  }

  #say(text: string): CastEvent[] {
    return text === '' ? [] : [[this.second, 'o', text]]
  }

  async #missing(to: number): Promise<CastEvent[]> {
    const marks = (await this.#reader?.marks(this.#place, to)) ?? []
    const why = marks.some(({ mark }) => mark.kind === 'gap')
      ? 'were not recorded: the disk could not take them'
      : this.#range.isOpen
        ? 'are no longer kept'
        : 'are in a log that the settings name no more'
    const lost = to - this.#place
    this.#place = to
    return [...this.end(), [this.second, 'm', `${lost} bytes ${why}`]]
  }

  async #read(most: number): Promise<{ at: number; bytes: Buffer }> {
    const { at, bytes } = this.#piece
    const skip = this.#place - at
    if (skip >= 0 && skip < bytes.length) {
      return { at: this.#place, bytes: bytes.subarray(skip, skip + most) }
    }
    if (at > this.#place && bytes.length > 0) return this.#piece
    const { to } = this.#range
    const read = await this.#reader?.read(this.#place, Math.min(PIECE_BYTES, to - this.#place))
    if (!read || read.bytes.length === 0) return { at: to, bytes: Buffer.alloc(0) }
    this.#piece = read
    return { at: read.at, bytes: read.bytes.subarray(0, read.at > this.#place ? 0 : most) }
  }
}

/** Keeps a byte order mark: the machine sent it like any other byte. */
function newDecoder(): TextDecoder {
  return new TextDecoder('utf-8', { ignoreBOM: true })
}
