import type {
  HeldReader,
  HoldingStore,
  LineReader,
  LineRef,
  LineTail,
  LineWriter,
  PlacedMark,
  Stretch,
} from '../server/line-log/store/store.ts'
import { stretchesOf } from '../server/line-log/store/stretches.ts'
import { takeIn } from '../server/line-log/store/take-in.ts'
import type { HeardStretch } from '../shared/heard-times.ts'
import type { LogMark } from '../shared/line-log.ts'

interface Piece {
  at: number
  time: number
  bytes: Buffer
}

/** Lines' logs in memory, for tests of what uses a store. */
export class MemoryStore implements HoldingStore {
  #lines = new Map<string, MemoryLine>()
  readonly id = 'memory'
  closed = false

  async open(line: LineRef, left: LineTail | null = null): Promise<LineWriter> {
    const log = this.line(line)
    if (log.writing) throw new Error(`${line.server.id} has a writer`)
    log.line = line
    log.writing = true
    if (left) takeIn(log, left, await log.marks(log.end, log.end))
    return {
      get end() {
        return log.end
      },
      lost: 0,
      losing: null,
      append: (bytes, time) => log.append(bytes, time),
      mark: (mark, time) => log.mark(mark, time),
      close() {
        log.writing = false
      },
    }
  }

  /** A line's log, to put something into it or to look at it. */
  line(line: LineRef): MemoryLine {
    const known = this.#lines.get(line.server.id)
    if (known) return known
    const log = new MemoryLine(line)
    this.#lines.set(line.server.id, log)
    return log
  }

  async tail(serverId: string, most: number): Promise<LineTail | null> {
    return this.#lines.get(serverId)?.tail(most) ?? null
  }

  lines(): readonly LineRef[] {
    return [...this.#lines.values()].map(({ line }) => line)
  }

  reader(serverId: string): LineReader | null {
    return this.#lines.get(serverId) ?? null
  }

  heldReader(serverId: string): HeldReader | null {
    return this.reader(serverId)
  }

  hold(): void {}
  async flush(): Promise<void> {}
  async sweep(): Promise<void> {}

  async close(): Promise<void> {
    this.closed = true
  }
}

class MemoryLine implements LineReader {
  writing = false
  start = 0
  end = 0
  #pieces: Piece[] = []
  #marks: PlacedMark[] = []
  #followers = new Set<() => void>()

  constructor(public line: LineRef) {}

  append(bytes: Buffer, time: number): void {
    if (bytes.length > 0) this.#pieces.push({ at: this.end, time, bytes })
    this.end += bytes.length
    this.#tell()
  }

  mark(mark: LogMark, time: number): void {
    this.#marks.push({ at: this.end, time, mark })
    this.#tell()
  }

  skip(bytes: number): void {
    if (bytes > 0) this.lose(bytes, 0)
  }

  /** So many bytes come and are not kept, as with a full disk. */
  lose(lostBytes: number, time: number): void {
    this.mark({ kind: 'gap', lostBytes }, time)
    this.end += lostBytes
  }

  /** Old pieces go, as retention takes them. */
  drop(before: number): void {
    this.#pieces = this.#pieces.filter(({ at }) => at >= before)
    this.start = this.#pieces[0]?.at ?? this.end
    this.#marks = this.#marks.filter(({ at }) => at >= this.start)
  }

  tail(most: number): LineTail | null {
    const newest = this.#pieces.at(-1)
    if (!newest) return null
    let from = newest.at
    for (const { at, bytes } of this.#pieces.toReversed()) {
      if (at + bytes.length < from || newest.at + newest.bytes.length - from >= most) break
      from = at
    }
    const all = Buffer.concat(this.#pieces.filter(({ at }) => at >= from).map(({ bytes }) => bytes))
    const bytes = all.subarray(Math.max(0, all.length - most))
    from += all.length - bytes.length
    return {
      from,
      bytes,
      marks: this.#marks.filter(({ at }) => at >= from),
      times: this.#times(from, this.end),
      lastAt: newest.time,
    }
  }

  async read(from: number, most: number): Promise<{ at: number; bytes: Buffer }> {
    const index = this.#pieces.findIndex((piece) => piece.at + piece.bytes.length > from)
    const first = this.#pieces[index]
    if (!first) return { at: this.end, bytes: Buffer.alloc(0) }
    const joined: Buffer[] = []
    let next = first.at
    for (const { at, bytes } of this.#pieces.slice(index)) {
      if (at !== next) break
      joined.push(bytes)
      next += bytes.length
    }
    const at = Math.max(from, first.at)
    return { at, bytes: Buffer.concat(joined).subarray(at - first.at, at - first.at + most) }
  }

  async marks(from: number, to: number): Promise<PlacedMark[]> {
    return this.#marks.filter(({ at }) => at >= from && at <= to)
  }

  async timeOf(offset: number): Promise<number> {
    const piece = this.#pieces.find(({ at, bytes }) => at + bytes.length > offset) ?? this.#pieces.at(-1)
    return piece?.time ?? 0
  }

  async times(from: number, to: number): Promise<HeardStretch[]> {
    return this.#times(from, to)
  }

  #times(from: number, to: number): HeardStretch[] {
    return this.#pieces
      .filter(({ at, bytes }) => at + bytes.length > from && at < to)
      .map(({ at, time }) => ({ at: Math.max(from, at), time }))
  }

  async offsetOf(time: number): Promise<number> {
    return this.#pieces.find((piece) => piece.time >= time)?.at ?? this.end
  }

  stretches(): Stretch[] {
    return stretchesOf(this.#pieces.map(({ at, bytes }) => ({ from: at, bytes: bytes.length })))
  }

  async files(): Promise<{ path: string; from: number; bytes: number }[]> {
    return []
  }

  follow(told: () => void): () => void {
    this.#followers.add(told)
    return () => this.#followers.delete(told)
  }

  #tell(): void {
    for (const told of [...this.#followers]) told()
  }
}
