import type { LineRef } from '../store/store.ts'
import type { Entry } from './entry.ts'

const MIB = 1024 * 1024
/** More never waits, bytes. */
const MOST_BYTES = 16 * MIB
const BATCH_BYTES = MIB / 2
/** What an entry takes beside its text */
const ENTRY_BYTES = 200

const sizeOf = ({ text }: Entry) => ENTRY_BYTES + text.length

/** What of one line had to go, up to and with the entry `last`. */
interface Loss {
  line: LineRef
  entries: number
  last: Entry
}

/** Lines that wait to be shipped. If they are too many, the oldest go, and a line of its own says so. */
export class Backlog {
  #entries: Entry[] = []
  /** The oldest that is still there. The array is cut now and then. */
  #first = 0
  #bytes = 0
  readonly #losses = new Map<string, Loss>()
  #lost = 0

  get count(): number {
    return this.#entries.length - this.#first
  }

  /** How many have gone since the start. */
  get lost(): number {
    return this.#lost
  }

  get fillsBatch(): boolean {
    return this.#bytes >= BATCH_BYTES
  }

  add(entry: Entry): void {
    this.#entries.push(entry)
    this.#bytes += sizeOf(entry)
    while (this.#bytes > MOST_BYTES) {
      const oldest = this.#shift()
      if (oldest) this.#lose(oldest)
    }
  }

  /** The oldest, with what is to be told of those that went before. @returns null if there is nothing */
  take(): readonly Entry[] | null {
    const batch: Entry[] = [...this.#losses.values()].map(({ line, entries, last }) => ({
      ...last,
      line,
      type: 'loss',
      text: `${entries} lines are missing here: they could not be shipped in time.`,
    }))
    this.#losses.clear()
    for (let bytes = 0; bytes < BATCH_BYTES; ) {
      const entry = this.#shift()
      if (!entry) break
      batch.push(entry)
      bytes += sizeOf(entry)
    }
    return batch.length > 0 ? batch : null
  }

  #shift(): Entry | undefined {
    const entry = this.#entries[this.#first]
    if (!entry) return undefined
    this.#bytes -= sizeOf(entry)
    this.#first += 1
    if (this.#first > 1000 && this.#first > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
    return entry
  }

  #lose(entry: Entry): void {
    const { id } = entry.line.server
    const entries = (this.#losses.get(id)?.entries ?? 0) + 1
    this.#losses.set(id, { line: entry.line, entries, last: entry })
    this.#lost += 1
  }
}
