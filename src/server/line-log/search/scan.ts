import type { LogMatch } from '../../../shared/log-search.ts'
import { candidates, type Span } from './candidates.ts'
import { plainLines } from './plain-line.ts'
import type { CompiledQuery } from './query.ts'

/**
 * How much is looked at in one go. It fits the processor's cache, and its text fits where V8 makes strings cheaply: with
 * 256 KiB a scan took four times as long. A longer line is searched in parts.
 */
export const CHUNK = 64 * 1024

const MOST_LINES_END = 1024

/** What a match shows of the text around it, in characters */
export const AROUND = 120

/** Offsets from `from` up to, not including, `to`. */
export interface Range {
  from: number
  to: number
}

/** Bytes of a log, by their offsets. */
export interface LogBytes {
  /** Whole stretches without a gap, oldest first */
  readonly stretches: readonly Range[]
  /** Fills the buffer from this offset on. @returns false if the bytes are no longer there */
  read(from: number, into: Buffer): boolean
}

export interface Scanned {
  /** Newest first, one for each line */
  found: LogMatch[]
  /** All lines of the range that begin here or later were looked at. */
  reached: number
}

/**
 * Looks for lines that begin in the range, from the newest to the oldest, until it has so many.
 * @param mustStop asked after each chunk
 */
export function scan(
  bytes: LogBytes,
  range: Range,
  query: CompiledQuery,
  most: number,
  mustStop: () => boolean,
): Scanned {
  const found: LogMatch[] = []
  const buffer = Buffer.allocUnsafe(CHUNK)
  for (const stretch of bytes.stretches.toReversed()) {
    if (stretch.from >= range.to || stretch.to <= range.from) continue
    for (const { chunk, at } of chunks(bytes, stretch, range, buffer)) {
      const spans = candidates(chunk, query)
      for (const span of spans.reverse()) {
        const match = matchOf(chunk, span, at, query)
        if (match && found.push(match) >= most) return { found, reached: match.offset }
      }
      if (mustStop()) return { found, reached: Math.max(range.from, at) }
    }
  }
  return { found, reached: range.from }
}

/** The lines of a stretch that begin in the range, in chunks of whole lines, newest first. They share one buffer. */
function* chunks(bytes: LogBytes, stretch: Range, range: Range, buffer: Buffer) {
  // The byte before the range tells whether its first line begins there.
  const lowest = Math.max(stretch.from, range.from - 1)
  let end = range.to < stretch.to ? lineEnd(bytes, range.to - 1, stretch.to, buffer) : stretch.to
  while (end > lowest) {
    const start = Math.max(lowest, end - CHUNK)
    const chunk = buffer.subarray(0, end - start)
    // What retention took is not there to be found.
    const there = bytes.read(start, chunk)
    const isBegin = start === stretch.from && start >= range.from
    const first = isBegin || !there ? 0 : chunk.indexOf(0x0a) + 1
    const whole = first < chunk.length ? first : 0
    // The end of a line that begins before the range.
    const isRest = start === lowest && whole === 0 && !isBegin
    if (there && !isRest) yield { chunk: chunk.subarray(whole), at: start + whole }
    if (start === lowest) return
    end = start + whole
  }
}

/** Where the line begins that has the byte at `at`. */
export function lineStart(bytes: LogBytes, at: number): number {
  const stretch = bytes.stretches.find(({ from, to }) => from <= at && at <= to)
  if (!stretch) return at
  for (const length of [MOST_LINES_END, CHUNK]) {
    const from = Math.max(stretch.from, at - length)
    const part = Buffer.allocUnsafe(at - from)
    const newline = bytes.read(from, part) ? part.lastIndexOf(0x0a) : -1
    if (newline >= 0) return from + newline + 1
    if (from === stretch.from) return from
  }
  return at - CHUNK
}

/** The offset after the line that has the byte at `from`. */
function lineEnd(bytes: LogBytes, from: number, to: number, buffer: Buffer): number {
  // Most lines end soon.
  for (const length of [MOST_LINES_END, CHUNK]) {
    const part = buffer.subarray(0, Math.min(length, to - from))
    if (!bytes.read(from, part)) return from + 1
    const newline = part.indexOf(0x0a)
    if (newline >= 0) return from + newline + 1
  }
  return Math.min(to, from + CHUNK)
}

function matchOf(chunk: Buffer, { start, end }: Span, at: number, { line }: CompiledQuery): LogMatch | null {
  for (const text of plainLines(chunk.subarray(start, end))) {
    const found = line.exec(text)
    if (!found) continue
    const [match] = found
    const after = found.index + match.length
    return {
      offset: at + start,
      before: text.slice(Math.max(0, found.index - AROUND), found.index),
      match: match.slice(0, AROUND),
      after: text.slice(after, after + AROUND),
    }
  }
  return null
}
