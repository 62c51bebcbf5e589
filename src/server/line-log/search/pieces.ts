import { closeSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'
import type { LogBytes, Range } from './scan.ts'

/** A part of a log without a gap: in a file, or as it is. */
export const Piece = z.union([
  z.object({ from: z.number(), bytes: z.number(), path: z.string() }),
  z.object({ from: z.number(), bytes: z.number(), data: z.instanceof(Uint8Array) }),
])
export type Piece = z.infer<typeof Piece>

/** Reads a log from its pieces. In a worker, reading may wait for the disk. */
export class PieceReader implements LogBytes {
  readonly stretches: readonly Range[]
  readonly #pieces: readonly Piece[]
  /** null: the file is gone. */
  readonly #files = new Map<string, number | null>()

  /** @param pieces oldest first */
  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
    this.stretches = stretchesOf(pieces)
  }

  read(from: number, into: Buffer): boolean {
    let at = from
    const end = from + into.length
    for (const piece of this.#pieces) {
      const until = Math.min(end, piece.from + piece.bytes)
      if (at < piece.from || at >= until) continue
      const part = into.subarray(at - from, until - from)
      if (!this.#readPiece(piece, at - piece.from, part)) return false
      at = until
    }
    return at === end
  }

  close(): void {
    for (const file of this.#files.values()) if (file !== null) closeSync(file)
    this.#files.clear()
  }

  #readPiece(piece: Piece, position: number, into: Buffer): boolean {
    if ('data' in piece) {
      into.set(piece.data.subarray(position, position + into.length))
      return true
    }
    const file = this.#open(piece.path)
    if (file === null) return false
    for (let done = 0; done < into.length; ) {
      const read = readSync(file, into, done, into.length - done, position + done)
      if (read === 0) return false
      done += read
    }
    return true
  }

  #open(path: string): number | null {
    const known = this.#files.get(path)
    if (known !== undefined) return known
    const file = openIfThere(path)
    this.#files.set(path, file)
    return file
  }
}

/** @returns null: retention has taken the file. */
function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function stretchesOf(pieces: readonly Piece[]): Range[] {
  const stretches: Range[] = []
  for (const { from, bytes } of pieces) {
    const last = stretches.at(-1)
    if (last && last.to === from) last.to += bytes
    else stretches.push({ from, to: from + bytes })
  }
  return stretches
}
