import pLimit from 'p-limit'
import { type Boot, Boots, surelyBegins, type TimedSign } from '../../../shared/lines/boots.ts'
import type { LogReader } from '../store/store.ts'
import { type Budget, LineSigns, type Sizes, sizes } from './line-signs.ts'

/** Scans under way. Each reads from disk, and others wait for their turn. */
const AT_ONCE = 2
/** A line that nobody asks about is forgotten, and scanned anew when somebody does. */
const MOST_LINES = 200
/** Signs of all lines together: about 40 MB */
const MOST_SIGNS = 300_000

/** The boots of each line. A line's log is scanned when somebody asks, from its end back, as far as the answer needs. */
export class BootIndex {
  readonly #lines = new Map<string, LineSigns>()
  readonly #atOnce = pLimit(AT_ONCE)
  readonly #sizes: Sizes

  constructor(own: Sizes = sizes) {
    this.#sizes = own
  }

  /**
   * The newest boots, newest first.
   * @returns `more`: the budget is spent, so there may be older ones
   */
  async newest(reader: LogReader, most: number, budget: Budget): Promise<{ boots: Boot[]; more: boolean }> {
    const boots: Boot[] = []
    /** Signs of a boot that may have begun before them */
    let pending: TimedSign[] = []
    for await (const signs of this.#signsOf(reader).back(reader, reader.end, budget)) {
      if (!signs) return { boots, more: true }
      pending = [...signs, ...pending]
      const begin = oldestBegin(pending, signs.length)
      if (begin === null) continue
      boots.push(...bootsOf(pending.slice(begin)).reverse())
      pending = pending.slice(0, begin)
      if (boots.length >= most) return { boots: boots.slice(0, most), more: false }
    }
    boots.push(...bootsOf(pending).reverse())
    return { boots: boots.slice(0, most), more: false }
  }

  /** @returns the boot in which this byte was said; null: it began before what is kept, or the budget is spent */
  async around(reader: LogReader, offset: number, budget: Budget): Promise<Boot | null> {
    let pending: TimedSign[] = []
    for await (const signs of this.#signsOf(reader).back(reader, offset + 1, budget)) {
      if (!signs) return null
      pending = [...signs, ...pending]
      const begin = oldestBegin(pending, signs.length)
      if (begin === null) continue
      pending = pending.slice(begin)
      break
    }
    return bootsOf(pending).at(-1) ?? null
  }

  /** How many signs it remembers */
  get size(): number {
    let sum = 0
    for (const each of this.#lines.values()) sum += each.size
    return sum
  }

  #signsOf(reader: LogReader): LineSigns {
    // What was scanned while a part was away is not what is there with it.
    const id = `${reader.line.server.id} ${reader.parts ?? ''}`
    const known = this.#lines.get(id)
    const signs = known?.fits(reader) ? known : new LineSigns(this.#atOnce, this.#sizes)
    // The one asked for last is the last to be forgotten.
    this.#lines.delete(id)
    let sum = this.size
    for (const [other, { size }] of this.#lines) {
      if (this.#lines.size < MOST_LINES && sum < MOST_SIGNS) break
      this.#lines.delete(other)
      sum -= size
    }
    this.#lines.set(id, signs)
    return signs
  }
}

const bootsOf = (signs: readonly TimedSign[]): Boot[] => {
  const boots = new Boots(Number.POSITIVE_INFINITY)
  for (const { sign, time } of signs) boots.add(sign, time)
  return [...boots.list]
}

/** @returns the index of the first that surely begins a boot, and is among the first so many, or the one after them */
function oldestBegin(signs: readonly TimedSign[], most: number): number | null {
  for (let index = 1; index <= most; index++) {
    const [before, sign] = signs.slice(index - 1, index + 1)
    if (before && sign && surelyBegins(sign, before)) return index
  }
  return null
}
