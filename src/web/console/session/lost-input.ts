import type { Dropped } from '../../../shared/relay-protocol.ts'
import { joined } from '../bytes.ts'

export type Bytes = Uint8Array<ArrayBuffer>
export type Fate = Dropped['fate']

/** What the bytes say, in the line's encoding */
export type Read = (bytes: Uint8Array) => string

/** Text above this is only counted. */
const MAX_BYTES = 64 * 1024

/** Keys that were typed and are not at the machine for certain. */
export interface LostKeys {
  /** They did not arrive. */
  notSent: number
  /** They may have arrived. */
  unknown: number
  /** Whether the page still has their text. It has none of what was lost before a reload. */
  hasText: boolean
}

interface LostPiece {
  /** How many bytes were typed before these */
  at: number
  bytes: Bytes
  fate: Fate
}

/** What was typed and did not arrive, or may not have. It is in memory only: a password may be among it. */
export class LostInput {
  #pieces: LostPiece[] = []
  /** Counts of keys whose text is not here. */
  #textless = { notSent: 0, unknown: 0 }
  #keys: LostKeys | null = null
  readonly #read: Read

  constructor(read: Read) {
    this.#read = read
  }

  get keys(): LostKeys | null {
    return this.#keys
  }

  /** As it was typed. */
  get bytes(): Bytes {
    return bytesOf(this.#pieces)
  }

  add(pieces: readonly LostPiece[]): void {
    if (pieces.length === 0) return
    this.#pieces.push(...pieces)
    this.#pieces.sort((one, other) => one.at - other.at)
    this.#count()
  }

  addTextless(notSent: number, unknown: number): void {
    this.#textless.notSent += notSent
    this.#textless.unknown += unknown
    this.#count()
  }

  /** Forgets it. @returns the bytes */
  take(): Bytes {
    const { bytes } = this
    this.#pieces = []
    this.#textless = { notSent: 0, unknown: 0 }
    this.#keys = null
    return bytes
  }

  #count(): void {
    const { notSent, unknown } = this.#textless
    const all = { notSent: notSent + this.#keysOf('never-sent'), unknown: unknown + this.#keysOf('unknown') }
    if (sizeOf(this.#pieces) > MAX_BYTES) {
      this.#pieces = []
      this.#textless = all
    }
    const hasText = notSent + unknown === 0 && this.#pieces.length > 0
    this.#keys = all.notSent + all.unknown === 0 ? null : { ...all, hasText }
  }

  #keysOf(fate: Fate): number {
    return countKeys(this.#read(bytesOf(this.#pieces.filter((piece) => piece.fate === fate))))
  }
}

export const sizeOf = (pieces: readonly { bytes: Bytes }[]) =>
  pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)

const bytesOf = (pieces: readonly { bytes: Bytes }[]) => joined(pieces.map(({ bytes }) => bytes))

/** A key is a character, or the sequence of a key such as an arrow. */
const KEY = /\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|\r\n|./gsu

/** How many keys a person pressed for this. */
export const countKeys = (text: string): number => text.match(KEY)?.length ?? 0
