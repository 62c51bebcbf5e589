import { createHash } from 'node:crypto'

/** Chance that is the same at each start: the bytes of a digest, one after the other. */
export class Dice {
  readonly #bytes: Buffer
  #at = 0

  constructor(seed: string) {
    this.#bytes = createHash('sha512').update(seed).digest()
  }

  below(limit: number): number {
    const value = this.#bytes.readUInt16BE(this.#at) % limit
    this.#at += 2
    return value
  }

  of<T extends NonNullable<unknown> | null>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new Error('nothing to choose from')
    return choice
  }

  /** From bytes that `below` does not reach with 24 numbers */
  get uuid(): string {
    const hex = this.#bytes.toString('hex', 48)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-9${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}
