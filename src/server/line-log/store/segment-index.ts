import { type PlacedTime, STRETCH_MS } from './backlog.ts'
import type { Disk } from './disk.ts'
import { kinds, parseMark, readRecords } from './records.ts'
import type { PlacedMark } from './store.ts'

/** The event loop rests between two such pieces of an index. */
const PIECE_BYTES = 64 * 1024

/** What a segment's index says: when its bytes came, its marks, and how much of the segment counts. */
export class SegmentIndex {
  readonly times: PlacedTime[] = []
  readonly marks: PlacedMark[] = []
  /** The last commit; null: there is none. What follows it does not count. */
  commit: { end: number; lastAt: number; indexBytes: number } | null = null
  #newTimes: PlacedTime[] = []
  #newMarks: PlacedMark[] = []
  #read = 0

  /** Reads on, up to so many bytes of the index. It stops at a damaged record. */
  async extend(disk: Disk, path: string, indexBytes: number): Promise<void> {
    let piece = PIECE_BYTES
    while (this.#read < indexBytes) {
      const bytes = await disk.read(path, this.#read, Math.min(piece, indexBytes - this.#read))
      const base = this.#read
      const taken = readRecords(bytes, (record, end) => {
        switch (record.kind) {
          case kinds.time:
            this.#newTimes.push({ at: record.at, time: record.time })
            break
          case kinds.mark: {
            const mark = parseMark(record)
            if (mark) this.#newMarks.push(mark)
            break
          }
          case kinds.commit:
            this.times.push(...this.#newTimes.splice(0))
            this.marks.push(...this.#newMarks.splice(0))
            this.commit = { end: record.at, lastAt: record.time, indexBytes: base + end }
        }
      })
      this.#read += taken
      // A record may be larger than a piece.
      if (taken === 0 && bytes.length < piece) return
      if (taken === 0) piece *= 2
    }
  }

  timeOf(offset: number): number | null {
    return this.times[lastIndex(this.times, (stretch) => stretch.at <= offset)]?.time ?? null
  }

  /** @returns where the first stretch begins that may have a byte of this time or later; null if there is none */
  offsetOf(time: number): number | null {
    return this.times[lastIndex(this.times, (stretch) => stretch.time <= time - STRETCH_MS) + 1]?.at ?? null
  }
}

/** @returns the last place for which it is true, where it is true up to some place and not after it; -1 for none */
function lastIndex<T>(sorted: readonly T[], isTrue: (value: T) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle]
    if (value !== undefined && isTrue(value)) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Indexes that were read lately. What a line says right now is read on, not anew. */
export class IndexCache {
  readonly #disk: Disk
  readonly #most: number
  #indexes = new Map<string, Promise<SegmentIndex>>()

  constructor(disk: Disk, most = 32) {
    this.#disk = disk
    this.#most = most
  }

  get(path: string, indexBytes: number): Promise<SegmentIndex> {
    const known = this.#indexes.get(path) ?? Promise.resolve(new SegmentIndex())
    const index = known.then(async (found) => {
      await found.extend(this.#disk, path, indexBytes)
      return found
    })
    this.#indexes.delete(path)
    this.#indexes.set(path, index)
    index.catch(() => this.forget(path))
    for (const oldest of this.#indexes.keys()) {
      if (this.#indexes.size <= this.#most) break
      this.#indexes.delete(oldest)
    }
    return index
  }

  forget(path: string): void {
    this.#indexes.delete(path)
  }
}
