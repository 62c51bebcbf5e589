import type { HeardStretch } from '../../../shared/heard-times.ts'
import type { LogMark } from '../../../shared/line-log.ts'
import { Backlog } from './backlog.ts'
import type { HeldSegments } from './held.ts'
import { lastRun } from './last-run.ts'
import { kinds, parseMark, type RecordWriter, type StoredRecord } from './records.ts'
import type { Segments } from './segments.ts'
import type { LineReader, LineRef, LineTail, PlacedMark, Stretch } from './store.ts'
import { stretchesOf } from './stretches.ts'

/** While a disk fails, marks would grow without bounds. */
const MOST_MARKS = 1_000

/** What the store does for its lines. */
interface Surroundings {
  /** @returns whether so many bytes more of this line may wait in memory */
  mayHold(line: StoredLine, bytes: number): boolean
  /** The line said so much more, or got a mark: then it is 0. */
  grew(line: StoredLine, bytes: number): void
}

/** One line's log: its segments, and what is not in them yet. */
export class StoredLine implements LineReader {
  line: LineRef
  readonly key: Buffer
  readonly segments: Segments
  /** What recordings hold of what the log has let go */
  readonly held: HeldSegments
  readonly backlog = new Backlog(0)
  /** It has a writer. */
  writing = false
  /** When its newest byte came, epoch ms */
  lastAt = 0
  /** The oldest journal file that has something of it which no segment has */
  firstJournal: number | null = null
  /** A journal has all bytes before this offset, and so many marks of the backlog. */
  #journaled = { to: 0, marks: 0 }
  /** Bytes come and are not kept: since where, when, and how many. */
  #losing: { time: number; bytes: number } | null = null
  #lost = 0
  /** Bytes came that nobody wanted to keep. */
  #skipped = 0
  #healedMarks: PlacedMark[] = []
  #followers = new Set<() => void>()
  readonly #around: Surroundings

  constructor(line: LineRef, key: Buffer, segments: Segments, held: HeldSegments, around: Surroundings) {
    this.line = line
    this.key = key
    this.segments = segments
    this.held = held
    this.#around = around
  }

  /** Takes over what earlier processes left in segments. */
  async heal(): Promise<void> {
    await this.held.segments.heal()
    const { marks, lastAt } = await this.segments.heal()
    this.#healedMarks = marks
    this.lastAt = lastAt
    this.backlog.end = this.segments.end
    this.#journaled.to = this.backlog.end
  }

  /** Takes in what a journal has and the segments have not. The same again changes nothing. */
  replay(record: StoredRecord, payload: Buffer, file: number): void {
    const { backlog } = this
    const before = backlog.end
    const marksBefore = backlog.marks.length
    if (record.kind === kinds.bytes && record.at + payload.length > backlog.end) {
      backlog.gap(Math.max(0, record.at - backlog.end), record.time)
      backlog.append(Buffer.from(payload.subarray(backlog.end - record.at)), record.time)
      this.lastAt = Math.max(this.lastAt, record.time)
    }
    if (record.kind === kinds.mark) {
      const mark = parseMark({ ...record, payload })
      if (mark) this.#replayMark(mark)
    }
    if (backlog.end === before && backlog.marks.length === marksBefore) return
    this.firstJournal ??= file
    this.#journaled = { to: backlog.end, marks: backlog.marks.length }
  }

  #replayMark(placed: PlacedMark): void {
    const { backlog } = this
    const { at, time, mark } = placed
    if (mark.kind === 'gap') return backlog.gap(Math.max(0, at + mark.lostBytes - backlog.end), time)
    // A segment that has a byte behind a mark has the mark, too.
    if (at < this.segments.end) return
    const text = JSON.stringify(placed)
    const known = [...this.#healedMarks, ...backlog.marks].some((one) => JSON.stringify(one) === text)
    if (!known) backlog.marks.push(placed)
  }

  get start(): number {
    return this.segments.list[0]?.from ?? this.backlog.start
  }

  get end(): number {
    return this.backlog.end + (this.#losing?.bytes ?? 0) + this.#skipped
  }

  append(bytes: Buffer, time: number): void {
    if (bytes.length === 0) return
    if (this.#around.mayHold(this, bytes.length)) {
      this.#endLoss()
      this.#endSkip(time)
      this.backlog.append(bytes, time)
      this.lastAt = Math.max(this.lastAt, time)
      this.#around.grew(this, bytes.length)
    } else {
      this.#losing ??= { time, bytes: 0 }
      this.#losing.bytes += bytes.length
    }
    this.#tell()
  }

  mark(mark: LogMark, time: number): void {
    this.#endLoss()
    this.#endSkip(time)
    if (this.backlog.marks.length < MOST_MARKS) this.backlog.marks.push({ at: this.backlog.end, time, mark })
    this.#around.grew(this, 0)
    this.#tell()
  }

  /** So many bytes came that nobody wants to keep. They are a gap before the next one that is kept. */
  skip(bytes: number): void {
    this.#endLoss()
    this.#skipped += bytes
  }

  #endSkip(time: number): void {
    this.backlog.gap(this.#skipped, time)
    this.#skipped = 0
  }

  get losing(): boolean {
    return this.#losing !== null
  }

  /** How many bytes became gaps in this process */
  get lost(): number {
    return this.#lost + (this.#losing?.bytes ?? 0)
  }

  /** Notes what was lost until now. */
  #endLoss(): void {
    if (!this.#losing) return
    this.backlog.gap(this.#losing.bytes, this.#losing.time)
    this.#lost += this.#losing.bytes
    this.#losing = null
    this.#around.grew(this, 0)
  }

  /** Nothing more comes for now. */
  pause(): void {
    this.#endLoss()
  }

  /**
   * Puts what no journal has yet into the next write.
   * @returns is called when that is written
   */
  journal(records: RecordWriter): (file: number) => void {
    for (const run of this.backlog.runs(this.#journaled.to, this.#journaled.marks)) {
      const marksFirst = run.bytes === 0
      if (!marksFirst) this.#journalBytes(run.at, run.at + run.bytes, run.times, records)
      for (const mark of run.marks) records.addMark(mark, this.key)
    }
    const to = this.backlog.end
    const marks = this.backlog.marks.length
    const epoch = this.#epoch
    return (file) => {
      this.firstJournal ??= file
      // Marks that went to a segment meanwhile are not counted from the front any more.
      const gone = this.#epoch - epoch
      this.#journaled = { to: Math.max(to, this.#journaled.to), marks: Math.max(0, marks - gone) }
    }
  }

  /** The journals went. What no segment has is put into the next write. */
  forgetJournals(): void {
    this.#journaled = { to: 0, marks: 0 }
    this.firstJournal = null
  }

  /** How many marks went to segments until now */
  #epoch = 0

  #journalBytes(
    from: number,
    to: number,
    times: readonly { at: number; time: number }[],
    records: RecordWriter,
  ): void {
    for (const [index, { at, time }] of times.entries()) {
      const start = Math.max(from, at)
      const end = times[index + 1]?.at ?? to
      const found = this.backlog.parts(start, end - start)
      if (found) records.add(kinds.bytes, start, time, this.key, ...found.parts)
    }
  }

  /**
   * Moves all of the backlog to segments.
   * @param current the number of the journal file that is written
   * @param freed is told how many bytes are no longer held in memory
   */
  async drain(current: number, segmentBytes: number, freed: (bytes: number) => void): Promise<void> {
    const { end } = this.backlog
    for (const run of this.backlog.runs()) {
      await this.segments.add(run, this.lastAt, segmentBytes)
      const { bytes } = this.backlog
      this.backlog.forget(run.at + run.bytes, run.marks.length)
      freed(bytes - this.backlog.bytes)
      this.#epoch += run.marks.length
      this.#journaled.marks = Math.max(0, this.#journaled.marks - run.marks.length)
    }
    this.#healedMarks = []
    this.#journaled.to = Math.max(this.#journaled.to, end)
    this.firstJournal = this.backlog.empty ? null : current
  }

  async read(from: number, most: number): Promise<{ at: number; bytes: Buffer }> {
    for (;;) {
      const segment = this.segments.list.find((one) => one.from + one.bytes > from)
      const found = segment ? null : this.backlog.read(from, most)
      if (!segment) return found ?? { at: this.end, bytes: Buffer.alloc(0) }
      const at = Math.max(from, segment.from)
      const bytes = await this.segments.read(segment, at, most)
      if (bytes) return { at, bytes }
      // It went meanwhile. If it is damaged, what follows is still good.
      if (this.segments.list.includes(segment)) from = segment.from + segment.bytes
    }
  }

  async marks(from: number, to: number): Promise<PlacedMark[]> {
    const { list } = this.segments
    const waiting = [...this.backlog.marks, ...this.#openGap()]
    // Marks behind a segment's last byte are its own.
    const within = list.filter((one, index) => one.from <= to && (list[index + 1]?.from ?? this.end) >= from)
    const kept: PlacedMark[] = []
    for (const segment of within) kept.push(...(await this.segments.index(segment)).marks)
    return [...kept, ...waiting].filter(({ at }) => at >= from && at <= to)
  }

  #openGap(): PlacedMark[] {
    if (!this.#losing) return []
    const { time, bytes: lostBytes } = this.#losing
    return [{ at: this.backlog.end, time, mark: { kind: 'gap', lostBytes } }]
  }

  async timeOf(offset: number): Promise<number> {
    if (this.backlog.bytes > 0 && offset >= this.backlog.start) {
      const time = this.backlog.timeOf(offset)
      if (time !== null) return time
    }
    const { list } = this.segments
    const segment =
      list.findLast(({ from, bytes }) => from <= offset && bytes > 0) ?? list.find((one) => one.bytes > 0)
    if (!segment) return this.lastAt
    const index = await this.segments.index(segment)
    return index.timeOf(offset) ?? segment.firstAt
  }

  async times(from: number, to: number): Promise<HeardStretch[]> {
    const found: HeardStretch[] = []
    for (const segment of this.segments.list) {
      if (segment.bytes === 0 || segment.from >= to || segment.from + segment.bytes <= from) continue
      found.push(...(await this.segments.index(segment)).times)
    }
    for (const { times } of this.backlog.runs()) found.push(...times)
    const first = found.findLastIndex(({ at }) => at <= from)
    return found
      .slice(Math.max(0, first))
      .filter(({ at }) => at < to)
      .map(({ at, time }) => ({ at: Math.max(from, at), time }))
  }

  async offsetOf(time: number): Promise<number> {
    for (const segment of this.segments.list) {
      if (segment.lastAt < time || segment.bytes === 0) continue
      const found = (await this.segments.index(segment)).offsetOf(time)
      if (found !== null) return found
    }
    return this.backlog.offsetOf(time) ?? this.end
  }

  stretches(): Stretch[] {
    const waiting = this.backlog.runs().map(({ at, bytes }) => ({ from: at, bytes }))
    return stretchesOf([...this.segments.list, ...waiting])
  }

  async files(): Promise<{ path: string; from: number; bytes: number }[]> {
    return this.segments.list
      .filter(({ bytes }) => bytes > 0)
      .map((segment) => ({ path: this.segments.path(segment), from: segment.from, bytes: segment.bytes }))
  }

  async tail(most: number): Promise<LineTail | null> {
    const run = lastRun([
      ...this.segments.list,
      ...this.backlog.runs().map(({ at, bytes }) => ({ from: at, bytes })),
    ])
    const parts: Buffer[] = []
    const end = run?.end ?? this.end
    let next = Math.max(run?.from ?? 0, end - most)
    const start = next
    while (next < end) {
      const { at, bytes } = await this.read(next, end - next)
      if (bytes.length === 0 || at !== next) break
      parts.push(bytes)
      next += bytes.length
    }
    if (parts.length === 0) return null
    return {
      from: start,
      bytes: Buffer.concat(parts),
      marks: await this.marks(start, this.end),
      times: await this.times(start, end),
      lastAt: this.lastAt,
    }
  }

  follow(told: () => void): () => void {
    this.#followers.add(told)
    return () => this.#followers.delete(told)
  }

  #tell(): void {
    for (const told of this.#followers) told()
  }
}
