import { type Clock, every } from '../../../shared/clock.ts'
import type { LineRef, LogReader, PlacedMark, Stretch } from '../store/store.ts'

/** What another replica has of a line, as it was when it was asked */
export interface LogPart
  extends Pick<LogReader, 'line' | 'end' | 'stretches' | 'read' | 'marks' | 'timeOf' | 'offsetOf'> {
  /** Names who has it */
  readonly id: string
  /** How many marks are at its end */
  readonly marksAtEnd: number
}

/** Who has a part of the line does not answer. */
export class PartAway extends Error {
  override readonly name = 'PartAway'
}

/** What other replicas have of a line */
export interface Elsewhere {
  parts: readonly LogPart[]
  /** One that may have a part of it did not answer. */
  away: boolean
}

export interface JoinedReaderOptions {
  /** What this replica has. It may grow. */
  own: LogReader
  elsewhere: Elsewhere
  /** Asks the others again. */
  look: () => Promise<Elsewhere>
  clock: Clock
}

/** How soon a follower hears what another replica's line says */
const LOOK_MS = 500

type Source = Pick<LogReader, 'stretches' | 'read' | 'marks' | 'timeOf' | 'offsetOf'>

/** Bytes that one source has, and that count */
interface Place extends Stretch {
  source: Source
}

/**
 * One log of a line whose parts are with several replicas. Each offset is read from one of them: where several have it,
 * from the one whose stretch goes on furthest. A replica that was killed may have heard more than the others knew, and the
 * line then went on before that.
 */
export class JoinedReader implements LogReader {
  readonly #own: LogReader
  readonly #look: () => Promise<Elsewhere>
  readonly #clock: Clock
  #parts: readonly LogPart[]
  #away: boolean

  constructor({ own, elsewhere, look, clock }: JoinedReaderOptions) {
    this.#own = own
    this.#look = look
    this.#clock = clock
    this.#parts = elsewhere.parts
    this.#away = elsewhere.away
  }

  get line(): LineRef {
    const [first] = this.#parts
    // A line that is not known here is named by its id.
    return first && this.#own.end === 0 ? first.line : this.#own.line
  }

  /** Whether one that may have a part of it has not answered */
  get away(): boolean {
    return this.#away
  }

  get parts(): string {
    return this.#parts
      .map(({ id }) => id)
      .toSorted()
      .join(' ')
  }

  get start(): number {
    return this.stretches()[0]?.from ?? this.#own.start
  }

  get end(): number {
    return Math.max(this.#own.end, ...this.#parts.map(({ end }) => end))
  }

  stretches(): Stretch[] {
    const joined: Stretch[] = []
    const all = this.#sources.flatMap((source) => source.stretches())
    for (const { from, to } of all.toSorted((a, b) => a.from - b.from)) {
      const last = joined.at(-1)
      if (last && last.to >= from) last.to = Math.max(last.to, to)
      else joined.push({ from, to })
    }
    return joined
  }

  async read(from: number, most: number): Promise<{ at: number; bytes: Buffer }> {
    for (let next = from; ; ) {
      const place = this.#placeFrom(next)
      if (!place) return { at: this.end, bytes: Buffer.alloc(0) }
      const bytes = Math.min(Math.max(1, most), place.to - place.from)
      const read = await this.#ask(place.source, (source) => source.read(place.from, bytes))
      // Another may have it.
      if (!read) continue
      const got = read.at < place.to ? read.bytes.subarray(0, place.to - read.at) : null
      if (got && got.length > 0) return { at: read.at, bytes: got }
      // It went meanwhile.
      next = place.to
    }
  }

  async marks(from: number, to: number): Promise<PlacedMark[]> {
    const found = new Map<string, PlacedMark>()
    for (const source of this.#sources) {
      const marks = await this.#ask(source, (one) => one.marks(from, to))
      for (const mark of marks ?? []) found.set(JSON.stringify(mark), mark)
    }
    const all = [...found.values()]
    const gaps = await this.#gaps(
      from,
      to,
      all.filter(({ mark }) => mark.kind === 'gap'),
    )
    const others = all.filter(({ mark }) => mark.kind !== 'gap')
    return [...others, ...gaps].sort((a, b) => a.at - b.at || lostAt(a) - lostAt(b) || a.time - b.time)
  }

  /**
   * What one replica lacks another may have. So gaps are where nobody has the bytes.
   * @param told those that single replicas know
   */
  async #gaps(from: number, to: number, told: readonly PlacedMark[]): Promise<PlacedMark[]> {
    const stretches = this.stretches()
    const gaps: PlacedMark[] = []
    for (const [index, { to: at }] of stretches.entries()) {
      const next = stretches[index + 1]
      const known = told.find((one) => one.at === at)
      if (at < from || at > to) continue
      // Behind the last byte, only who has the line can tell.
      if (!next && known) gaps.push(this.#away ? withAway(known) : known)
      if (!next) continue
      const time = known?.time ?? (await this.timeOf(at))
      const mark = { kind: 'gap', lostBytes: next.from - at } as const
      gaps.push({ at, time, mark: this.#away ? { ...mark, away: true } : mark })
    }
    return gaps
  }

  async timeOf(offset: number): Promise<number> {
    for (;;) {
      const place = this.#placeFrom(offset)
      const held = place?.from === offset ? place : (this.#placeBefore(offset) ?? place)
      if (!held) return this.#own.timeOf(offset)
      const at = held.from <= offset && offset < held.to ? offset : held.from
      const time = await this.#ask(held.source, (source) => source.timeOf(at))
      if (time !== null) return time
    }
  }

  async offsetOf(time: number): Promise<number> {
    let least = this.end
    for (const source of this.#sources) {
      const last = source.stretches().at(-1)
      if (!last) continue
      const found = await this.#ask(source, (one) => one.offsetOf(time))
      if (found !== null && found < last.to) least = Math.min(least, found)
    }
    return least
  }

  /** Those of this replica, as far as what they hold counts */
  async files(): Promise<{ path: string; from: number; bytes: number }[]> {
    const files = await this.#own.files()
    return files.flatMap((file) => {
      const place = this.#placeFrom(file.from)
      if (place?.source !== this.#own || place.from !== file.from) return []
      return [{ ...file, bytes: Math.min(file.bytes, place.to - place.from) }]
    })
  }

  /** What other replicas' lines say is heard of now and then. */
  follow(told: () => void): () => void {
    const leave = this.#own.follow(told)
    let looking = false
    const look = async () => {
      if (looking) return
      looking = true
      const before = this.#state()
      const { parts, away } = await this.#look()
      this.#parts = parts
      this.#away = away
      looking = false
      if (this.#state() !== before) told()
    }
    const stop = every(this.#clock, LOOK_MS, () => void look())
    return () => {
      stop()
      leave()
    }
  }

  #state(): string {
    const parts = this.#parts.map(({ id, end, marksAtEnd }) => [id, end, marksAtEnd])
    return JSON.stringify([this.#away, parts])
  }

  get #sources(): readonly Source[] {
    return [this.#own, ...this.#parts]
  }

  /** @returns null: it does not answer, and is asked no more */
  async #ask<T>(source: Source, ask: (source: Source) => Promise<T>): Promise<T | null> {
    try {
      return await ask(source)
    } catch (error) {
      if (!(error instanceof PartAway)) throw error
      this.#parts = this.#parts.filter((part) => part !== source)
      this.#away = true
      return null
    }
  }

  /** The first bytes that anybody has from this offset on, up to where another one's count. */
  #placeFrom(offset: number): Place | null {
    const all = this.#sources.flatMap((source) =>
      source.stretches().flatMap(({ from, to }) => (to > offset ? [{ source, from, to }] : [])),
    )
    if (all.length === 0) return null
    const at = Math.max(offset, Math.min(...all.map(({ from }) => from)))
    const [first, ...others] = all.filter(({ from }) => from <= at)
    if (!first) return null
    // This replica's is read where it is the same.
    const best = others.reduce((one, other) => (other.to > one.to ? other : one), first)
    const taken = all.filter(({ from, to }) => from > at && from < best.to && to > best.to)
    return { source: best.source, from: at, to: Math.min(best.to, ...taken.map(({ from }) => from)) }
  }

  /** The last byte that anybody has before this offset */
  #placeBefore(offset: number): Place | null {
    const ends = this.stretches().flatMap(({ from, to }) => (from < offset ? [Math.min(to, offset)] : []))
    const last = ends.at(-1)
    return last === undefined ? null : this.#placeFrom(last - 1)
  }
}

/** Bytes that are lost at a mark come behind all else that was marked there: what is marked after them has their end. */
const lostAt = ({ mark }: PlacedMark): number => (mark.kind === 'gap' ? mark.lostBytes : 0)

const withAway = (placed: PlacedMark): PlacedMark =>
  placed.mark.kind === 'gap' ? { ...placed, mark: { ...placed.mark, away: true } } : placed
