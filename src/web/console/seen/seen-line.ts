import * as z from 'zod/mini'
import { joined } from '../bytes.ts'

/** What is kept of a line, in bytes and in pieces. It is the newest part. */
export const MOST_BYTES = 256 * 1024
const MOST_PIECES = 4_096
/** Bytes that come this soon after others are one piece with them, with one time. */
const PIECE_MS = 1_000
const PIECE_BYTES = 4 * 1024

/** `break`: nobody listened. `awayMs` is null where nobody knows for how long: the page was away. */
export type Piece =
  | { kind: 'bytes'; heardAt: number; bytes: Uint8Array }
  | { kind: 'break'; awayMs: number | null }

/** As a browser's storage holds it, which has text only. The bytes are in base64. */
export const StoredPiece = z.union([
  z.object({ at: z.number(), text: z.string() }),
  z.object({ awayMs: z.nullable(z.number()) }),
])
export type StoredPiece = z.infer<typeof StoredPiece>

/** The newest part of what a line said on a page, with its breaks. */
export class SeenLine {
  #pieces: Piece[] = []
  #bytes = 0
  #lostAt: number | null = null
  /** Pieces before the first one are gone, or a part of it is. */
  #isCut = false

  get pieces(): readonly Piece[] {
    this.#trim()
    return this.#pieces
  }

  get bytes(): number {
    this.#trim()
    return this.#bytes
  }

  /** @param bytes nobody may write to them any more */
  add(bytes: Uint8Array, heardAt: number): void {
    if (this.#lostAt !== null) this.#break(Math.max(0, heardAt - this.#lostAt))
    this.#lostAt = null
    const last = this.#pieces.at(-1)
    const since = last?.kind === 'bytes' ? heardAt - last.heardAt : -1
    if (
      last?.kind === 'bytes' &&
      since >= 0 &&
      since < PIECE_MS &&
      last.bytes.length + bytes.length <= PIECE_BYTES
    )
      last.bytes = joined([last.bytes, bytes])
    else this.#pieces.push({ kind: 'bytes', heardAt, bytes })
    this.#bytes += bytes.length
    // A flood is not copied: what is too old goes by the piece, and is cut when somebody looks.
    if (this.#bytes > 2 * MOST_BYTES || this.#pieces.length > 2 * MOST_PIECES) this.#dropOld()
  }

  /** Nobody listens from here on. */
  lost(at: number): void {
    this.#lostAt ??= at
  }

  /** The page was away, and is back. */
  pageAway(): void {
    this.#trim()
    this.#lostAt = null
    this.#break(null)
  }

  /** Two breaks with nothing between them are one. Its time is not known where one of theirs is not. */
  #break(awayMs: number | null): void {
    const last = this.#pieces.at(-1)
    if (!last) return
    if (last.kind === 'bytes') this.#pieces.push({ kind: 'break', awayMs })
    else last.awayMs = last.awayMs === null || awayMs === null ? null : last.awayMs + awayMs
  }

  get stored(): StoredPiece[] {
    return this.pieces.map((piece) =>
      piece.kind === 'bytes' ? { at: piece.heardAt, text: toBase64(piece.bytes) } : { awayMs: piece.awayMs },
    )
  }

  static restored(stored: readonly StoredPiece[]): SeenLine {
    const line = new SeenLine()
    for (const piece of stored) {
      if ('text' in piece) line.add(fromBase64(piece.text), piece.at)
      else line.#break(piece.awayMs)
    }
    return line
  }

  #trim(): void {
    this.#dropOld()
    const over = this.#bytes - MOST_BYTES
    const [first] = this.#pieces
    if (over > 0 && first?.kind === 'bytes') {
      this.#bytes -= over
      first.bytes = first.bytes.subarray(over)
      this.#isCut = true
    }
    if (this.#isCut) this.#beginAtLine()
    this.#isCut = false
  }

  /** Drops the pieces of which nothing is to be kept. */
  #dropOld(): void {
    for (let first = this.#pieces[0]; first; first = this.#pieces[0]) {
      const length = first.kind === 'bytes' ? first.bytes.length : 0
      if (this.#pieces.length <= MOST_PIECES && this.#bytes - length < MOST_BYTES) return
      this.#pieces.shift()
      this.#bytes -= length
      this.#isCut = true
    }
  }

  /** What was cut may have been inside a character or a sequence. */
  #beginAtLine(): void {
    while (this.#pieces[0]?.kind === 'break') this.#pieces.shift()
    const first = this.#pieces[0]
    if (first?.kind !== 'bytes') return
    const line = first.bytes.indexOf(0x0a) + 1
    this.#bytes -= line
    first.bytes = first.bytes.slice(line)
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))
  return btoa(text)
}

const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
