import { crc32 } from 'node:zlib'
import { LogMark } from '../../../shared/line-log.ts'
import type { PlacedMark } from './store.ts'

/** What a record says. The numbers are on disk. */
export const kinds = {
  /** The payload is what came at this place and time. */
  bytes: 1,
  /** The payload is a mark, as JSON. */
  mark: 2,
  /** Bytes from here on came at this time. */
  time: 3,
  /** The segment holds all bytes up to here, and everything before this record counts. */
  commit: 4,
}

/** One thing that is noted in a journal or in an index. */
export interface StoredRecord {
  kind: number
  /** Offset in the line's stream */
  at: number
  /** Epoch ms */
  time: number
  payload: Buffer
}

/** A checksum of the rest, the payload's length, the kind, the offset and the time. */
const HEADER_BYTES = 4 + 4 + 1 + 6 + 6
/** Nothing that is written is larger, so a larger length is damage. */
const MOST_PAYLOAD = 64 * 1024 * 1024
const NONE = Buffer.alloc(0)

/** Puts records into one buffer, which grows. */
export class RecordWriter {
  #buffer: Buffer
  #used = 0

  constructor(bytes = 4096) {
    this.#buffer = Buffer.allocUnsafe(bytes)
  }

  get length(): number {
    return this.#used
  }

  /** @param payload the parts of it, which are joined */
  add(kind: number, at: number, time: number, ...payload: readonly Buffer[]): void {
    const length = payload.reduce((sum, part) => sum + part.length, 0)
    const start = this.#used
    this.#reserve(HEADER_BYTES + length)
    const buffer = this.#buffer
    buffer.writeUInt32BE(length, start + 4)
    buffer.writeUInt8(kind, start + 8)
    buffer.writeUIntBE(at, start + 9, 6)
    buffer.writeUIntBE(Math.max(0, Math.floor(time)), start + 15, 6)
    let place = start + HEADER_BYTES
    for (const part of payload) {
      buffer.set(part, place)
      place += part.length
    }
    buffer.writeUInt32BE(crc32(buffer.subarray(start + 4, place)), start)
    this.#used = place
  }

  addMark({ at, time, mark }: PlacedMark, ...before: readonly Buffer[]): void {
    this.add(kinds.mark, at, time, ...before, Buffer.from(JSON.stringify(mark)))
  }

  /** Begins anew in the same buffer, unless that is larger. What was taken before is no longer valid. */
  clear(mostKept: number): void {
    this.#used = 0
    if (this.#buffer.length > mostKept) this.#buffer = Buffer.allocUnsafe(mostKept)
  }

  take(): Buffer {
    return this.#buffer.subarray(0, this.#used)
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#used + bytes, 2 * this.#buffer.length))
    larger.set(this.take())
    this.#buffer = larger
  }
}

/**
 * Reads whole records until the end, or until the first that is cut off or damaged.
 * @returns how many bytes the whole records take
 */
export function readRecords(buffer: Buffer, take: (record: StoredRecord, end: number) => void): number {
  let at = 0
  while (at + HEADER_BYTES <= buffer.length) {
    const length = buffer.readUInt32BE(at + 4)
    const end = at + HEADER_BYTES + length
    if (length > MOST_PAYLOAD || end > buffer.length) break
    if (crc32(buffer.subarray(at + 4, end)) !== buffer.readUInt32BE(at)) break
    take(
      {
        kind: buffer.readUInt8(at + 8),
        at: buffer.readUIntBE(at + 9, 6),
        time: buffer.readUIntBE(at + 15, 6),
        payload: length === 0 ? NONE : buffer.subarray(at + HEADER_BYTES, end),
      },
      end,
    )
    at = end
  }
  return at
}

/** @returns null for a mark that this version does not know */
export function parseMark({ at, time, payload }: StoredRecord): PlacedMark | null {
  try {
    return { at, time, mark: LogMark.parse(JSON.parse(payload.toString())) }
  } catch {
    return null
  }
}
