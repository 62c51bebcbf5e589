import { link, mkdir, readdir, stat, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'
import type { Run } from './backlog.ts'
import type { Disk } from './disk.ts'
import { kinds, RecordWriter } from './records.ts'
import { type IndexCache, SegmentIndex } from './segment-index.ts'
import type { PlacedMark } from './store.ts'

/** A file with a stretch of a line's bytes, and an index beside it. */
export interface Segment {
  /** The offset of its first byte, which names it */
  from: number
  /** How much of the file counts */
  bytes: number
  indexBytes: number
  /** When its first and its newest byte came, epoch ms */
  firstAt: number
  lastAt: number
}

const NAME = /^(\d{15})\.(seg|idx)$/
const DAY_MS = 24 * 60 * 60 * 1000

/** The segments of one line, oldest first. */
export class Segments {
  readonly list: Segment[] = []
  readonly #dir: string
  readonly #disk: Disk
  readonly #indexes: IndexCache

  constructor(dir: string, disk: Disk, indexes: IndexCache) {
    this.#dir = dir
    this.#disk = disk
    this.#indexes = indexes
  }

  /** How much all of it takes on disk. */
  get diskBytes(): number {
    return this.list.reduce((sum, { bytes, indexBytes }) => sum + bytes + indexBytes, 0)
  }

  get end(): number {
    const last = this.list.at(-1)
    return last ? last.from + last.bytes : 0
  }

  path({ from }: Pick<Segment, 'from'>): string {
    return join(this.#dir, `${String(from).padStart(15, '0')}.seg`)
  }

  #indexPath({ from }: Pick<Segment, 'from'>): string {
    return join(this.#dir, `${String(from).padStart(15, '0')}.idx`)
  }

  /**
   * Finds what earlier processes left, and cuts off what they did not finish.
   * @returns the marks at the end, and when the newest byte came
   */
  async heal(): Promise<{ marks: PlacedMark[]; lastAt: number }> {
    const names = (await namesIn(this.#dir)).map((name) => NAME.exec(name)).filter((name) => name !== null)
    const offsets = names.filter(([, , kind]) => kind === 'seg').map(([, offset]) => Number(offset))
    for (const from of offsets.sort((a, b) => a - b)) {
      const segment = { from, bytes: 0, indexBytes: 0, firstAt: 0, lastAt: 0 }
      const [file, index] = await Promise.all([
        stat(this.path(segment)),
        stat(this.#indexPath(segment)).catch(() => null),
      ])
      const previous = this.list.at(-1)
      if (previous) previous.bytes = Math.min(previous.bytes, from - previous.from)
      segment.bytes = file.size
      segment.indexBytes = index?.size ?? 0
      segment.firstAt = segment.lastAt = Math.floor(file.mtimeMs)
      this.list.push(segment)
    }
    for (const [name, offset, kind] of names) {
      if (kind === 'idx' && !offsets.includes(Number(offset))) await this.#disk.remove(join(this.#dir, name))
    }
    const last = this.list.at(-1)
    if (!last) return { marks: [], lastAt: 0 }
    return this.#healLast(last)
  }

  /** Only the last one can be unfinished. */
  async #healLast(last: Segment): Promise<{ marks: PlacedMark[]; lastAt: number }> {
    const index = new SegmentIndex()
    await index.extend(this.#disk, this.#indexPath(last), last.indexBytes)
    const size = last.bytes
    const counted = index.commit ? Math.min(size, index.commit.end - last.from) : 0
    const indexCounted = index.commit?.indexBytes ?? 0
    if (counted < size) await truncate(this.path(last), counted)
    if (indexCounted < last.indexBytes) await truncate(this.#indexPath(last), indexCounted)
    last.bytes = counted
    last.indexBytes = indexCounted
    last.firstAt = index.times[0]?.time ?? last.firstAt
    last.lastAt = index.commit?.lastAt ?? last.lastAt
    const end = last.from + counted
    return { marks: index.marks.filter(({ at }) => at >= end), lastAt: last.lastAt }
  }

  /** Adds a run behind what is there. It is on disk when this resolves; if it rejects, nothing has changed. */
  async add(run: Run, lastAt: number, segmentBytes: number): Promise<void> {
    const last = this.list.at(-1)
    const fits =
      last !== undefined &&
      last.from + last.bytes === run.at &&
      !isFull(last, run.times[0]?.time ?? lastAt, segmentBytes)
    const segment = fits
      ? last
      : { from: run.at, bytes: 0, indexBytes: 0, firstAt: run.times[0]?.time ?? lastAt, lastAt }
    await this.#disk.write(this.path(segment), segment.bytes, run.pages)
    const records = new RecordWriter(256)
    for (const { at, time } of run.times) records.add(kinds.time, at, time)
    for (const mark of run.marks) records.addMark(mark)
    records.add(kinds.commit, run.at + run.bytes, lastAt)
    await this.#disk.write(this.#indexPath(segment), segment.indexBytes, [records.take()])
    segment.bytes += run.bytes
    segment.indexBytes += records.length
    segment.lastAt = Math.max(segment.lastAt, lastAt)
    if (fits) return
    this.list.push(segment)
    // The file's time says when its newest byte came, also to the next process.
    if (last) await utimes(this.path(last), last.lastAt / 1000, last.lastAt / 1000).catch(() => {})
  }

  /** Takes the oldest away. An empty one stays where all go, since its name says where the line goes on. */
  async dropOldest(): Promise<number> {
    const [oldest] = this.list
    if (!oldest) return 0
    if (this.list.length === 1) {
      if (oldest.bytes === 0) return 0
      await this.goOnBehind(oldest)
    }
    // The reader is told that it is gone before it is.
    this.list.shift()
    await this.#disk.remove(this.path(oldest))
    await this.#disk.remove(this.#indexPath(oldest))
    this.#indexes.forget(this.#indexPath(oldest))
    return oldest.bytes + oldest.indexBytes
  }

  /** An empty segment says where the line goes on. */
  async goOnBehind(last: Segment): Promise<void> {
    const empty = { ...last, from: last.from + last.bytes, bytes: 0, indexBytes: 0, firstAt: last.lastAt }
    await this.#disk.write(this.path(empty), 0, [])
    this.list.push(empty)
  }

  async remove(segment: Segment): Promise<void> {
    const index = this.list.indexOf(segment)
    if (index < 0) return
    this.list.splice(index, 1)
    await this.#disk.remove(this.path(segment))
    await this.#disk.remove(this.#indexPath(segment))
    this.#indexes.forget(this.#indexPath(segment))
  }

  /** Makes the folder, where nobody else has. */
  async make(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 })
  }

  /** The other's oldest segment gets a second name here, so that nothing is lost when it goes there. */
  async adopt(other: Segments, oldest: Segment): Promise<void> {
    // A process that was killed may have begun to copy it.
    for (const begun of this.list.filter(({ from }) => from >= oldest.from)) await this.remove(begun)
    for (const path of [this.#indexPath(oldest), this.path(oldest)]) await this.#disk.remove(path)
    await link(other.#indexPath(oldest), this.#indexPath(oldest))
    await link(other.path(oldest), this.path(oldest))
    this.list.push({ ...oldest })
  }

  index(segment: Segment): Promise<SegmentIndex> {
    return this.#indexes.get(this.#indexPath(segment), segment.indexBytes)
  }

  /** @returns null if the segment went meanwhile */
  async read(segment: Segment, from: number, most: number): Promise<Buffer | null> {
    const skip = from - segment.from
    const bytes = await this.#disk.read(this.path(segment), skip, Math.min(most, segment.bytes - skip))
    return bytes.length > 0 && this.list.includes(segment) ? bytes : null
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

function isFull(segment: Segment, now: number, segmentBytes: number): boolean {
  return segment.bytes >= segmentBytes || (segment.bytes > 0 && now - segment.firstAt >= DAY_MS)
}
