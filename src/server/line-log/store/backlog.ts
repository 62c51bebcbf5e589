import type { PlacedMark } from './store.ts'

/** Bytes from here on came at this time. */
export interface PlacedTime {
  at: number
  time: number
}

/** Bytes that follow each other without a gap, and the marks up to where they end. */
export interface Run {
  at: number
  bytes: number
  pages: Buffer[]
  times: PlacedTime[]
  /** Those before its first byte come first. A gap after it is the last. */
  marks: PlacedMark[]
}

interface Page {
  at: number
  buffer: Buffer
  used: number
}

/** A larger buffer is kept as it is, since a copy would cost more than it saves. */
const KEPT_AS_IT_IS = 2048
const SMALLEST_PAGE = 1024
const LARGEST_PAGE = 64 * 1024
/** A time is noted at most so often: bytes may have come that much later than their stretch says. */
export const STRETCH_MS = 1_000

/** What one line said and no segment has yet. */
export class Backlog {
  /** How much it holds */
  bytes = 0
  /** The offset of the next byte. Behind a gap it is larger than where the bytes end. */
  end: number
  marks: PlacedMark[] = []
  #pages: Page[] = []
  /** The first is of the oldest byte, or earlier. */
  #times: PlacedTime[] = []

  constructor(end: number) {
    this.end = end
  }

  get empty(): boolean {
    return this.bytes === 0 && this.marks.length === 0
  }

  /** The oldest byte; the end if there is none */
  get start(): number {
    return this.#pages[0]?.at ?? this.end
  }

  append(bytes: Buffer, time: number): void {
    if (bytes.length === 0) return
    this.#note(time)
    this.bytes += bytes.length
    if (bytes.length >= KEPT_AS_IT_IS) {
      this.#pages.push({ at: this.end, buffer: bytes, used: bytes.length })
      this.end += bytes.length
      return
    }
    let rest = bytes
    for (;;) {
      const page = this.#page()
      const room = page.buffer.length - page.used
      // Thousands of small pieces come each second, and a part of a buffer costs as much as its bytes.
      const part = rest.length <= room ? rest : rest.subarray(0, room)
      page.buffer.set(part, page.used)
      page.used += part.length
      this.end += part.length
      if (part === rest) return
      rest = rest.subarray(room)
    }
  }

  /** So many bytes are not there. */
  gap(lostBytes: number, time: number): void {
    if (lostBytes === 0) return
    this.marks.push({ at: this.end, time, mark: { kind: 'gap', lostBytes } })
    this.end += lostBytes
  }

  /** What it holds from this offset on, and the marks from this one on. */
  runs(from = 0, mark = 0): Run[] {
    const runs: Run[] = []
    let run: Run | null = null
    for (const { at, buffer, used } of this.#pages) {
      if (at + used <= from) continue
      const skip = Math.max(0, from - at)
      if (!run || run.at + run.bytes !== at + skip) {
        run = { at: at + skip, bytes: 0, pages: [], times: [], marks: [] }
        runs.push(run)
      }
      run.pages.push(buffer.subarray(skip, used))
      run.bytes += used - skip
    }
    for (const each of runs) each.times = this.#timesOf(each)
    const last = runs.at(-1)
    // Most runs have no marks, and each line is asked twice a second.
    if (this.marks.length <= mark && last && last.at + last.bytes === this.end) return runs
    return withMarks(runs, this.marks.slice(mark), this.end)
  }

  /** Segments have all bytes before this offset now, and so many marks. */
  forget(before: number, marks: number): void {
    this.marks.splice(0, marks)
    let gone = 0
    for (const page of this.#pages) {
      if (page.at + page.used > before) break
      this.bytes -= page.used
      gone += 1
    }
    this.#pages.splice(0, gone)
    const first = this.#pages[0]
    if (first && first.at < before) {
      const cut = before - first.at
      // The rest of the page stays free for what comes.
      first.buffer = first.buffer.subarray(cut)
      first.used -= cut
      first.at = before
      this.bytes -= cut
    }
    const kept = this.#times.findLastIndex(({ at }) => at <= this.start)
    if (kept > 0) this.#times.splice(0, kept)
  }

  /** @returns up to `most` bytes from this offset, or from the first byte after it; null if there is none */
  read(from: number, most: number): { at: number; bytes: Buffer } | null {
    const found = this.parts(from, most)
    return found && { at: found.at, bytes: Buffer.concat(found.parts) }
  }

  /** The same in pieces, which are no copies. */
  parts(from: number, most: number): { at: number; parts: Buffer[] } | null {
    const index = this.#pages.findIndex((page) => page.at + page.used > from)
    const first = this.#pages[index]
    if (!first) return null
    const at = Math.max(from, first.at)
    const parts: Buffer[] = []
    let next = at
    for (let place = index; place < this.#pages.length; place += 1) {
      const page = this.#pages[place]
      if (!page || page.at > next || next - at >= most) break
      const begin = next - page.at
      const part = page.buffer.subarray(begin, Math.min(page.used, begin + most - (next - at)))
      parts.push(part)
      next += part.length
    }
    return { at, parts }
  }

  /** @returns when the byte at this offset came; null if no time is known so early */
  timeOf(offset: number): number | null {
    return this.#times.findLast(({ at }) => at <= offset)?.time ?? null
  }

  /** @returns where the first stretch begins that may have a byte of this time or later; null if there is none */
  offsetOf(time: number): number | null {
    const { start } = this
    const found = this.#times.find((stretch) => stretch.time > time - STRETCH_MS)
    return found && this.bytes > 0 ? Math.max(found.at, start) : null
  }

  #note(time: number): void {
    const last = this.#times.at(-1)
    const lastPage = this.#pages.at(-1)
    const goesOn = lastPage
      ? lastPage.at + lastPage.used === this.end
      : last !== undefined && last.at < this.end
    if (last && goesOn && time >= last.time && time - last.time < STRETCH_MS) return
    this.#times.push({ at: this.end, time })
  }

  #page(): Page {
    const last = this.#pages.at(-1)
    if (last && last.used < last.buffer.length && last.at + last.used === this.end) return last
    // As large as what is there, so that a line that says little needs little.
    const bytes = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, 2 ** Math.floor(Math.log2(this.bytes))))
    const page = { at: this.end, buffer: Buffer.allocUnsafe(bytes), used: 0 }
    this.#pages.push(page)
    return page
  }

  #timesOf({ at, bytes }: Run): PlacedTime[] {
    // The newest ones are asked for again and again, of some hundreds.
    const before = this.#times.findLastIndex((stretch) => stretch.at <= at)
    const times = this.#times.slice(before + 1)
    const after = times.findIndex((stretch) => stretch.at >= at + bytes)
    if (after !== -1) times.length = after
    const first = this.#times[before]
    if (first) times.unshift({ at, time: first.time })
    return times
  }
}

/** Puts each mark to the run that it is in or behind. Marks before all bytes, and an end behind a gap, get empty runs. */
function withMarks(runs: readonly Run[], marks: readonly PlacedMark[], end: number): Run[] {
  const result: Run[] = []
  const empty = (at: number): Run => ({ at, bytes: 0, pages: [], times: [], marks: [] })
  let left = [...marks]
  let last: Run | undefined
  for (const run of [...runs, null]) {
    // What is placed before this run belongs to the one before it.
    const before = run ? left.filter(({ at }) => at < run.at) : left
    left = left.slice(before.length)
    for (const mark of before) {
      if (!last) {
        last = empty(mark.at)
        result.push(last)
      }
      last.marks.push(mark)
    }
    if (run) {
      last = run
      result.push(run)
    }
  }
  if (last && last.at + last.bytes < end) result.push(empty(end))
  return result
}
