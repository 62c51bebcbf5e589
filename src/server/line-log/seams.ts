import type { WhySeam } from '../../shared/relay-protocol.ts'

/** A place in the stream before which nobody listened for a while. */
export interface Seam {
  at: number
  why: WhySeam
  /** null: nobody knows for how long */
  awayMs: number | null
}

/** The seams of a line, in order. Each has a number, so that a viewer is told each one once. */
export class Seams {
  readonly #kept: Seam[] = []
  #forgotten = 0

  /** The number of the seam that comes next. */
  get end(): number {
    return this.#forgotten + this.#kept.length
  }

  push(seam: Seam): void {
    this.#kept.push(seam)
  }

  /** Forgets seams at offsets below. */
  forget(below: number): void {
    while (this.#kept[0] && this.#kept[0].at < below) {
      this.#kept.shift()
      this.#forgotten += 1
    }
  }

  /** The first seam that is still known from this number on, with the number of the one after it. */
  from(number: number): { seam: Seam; next: number } | null {
    const index = Math.max(0, number - this.#forgotten)
    const seam = this.#kept[index]
    return seam ? { seam, next: this.#forgotten + index + 1 } : null
  }

  /** The number of the first seam that a viewer lacks who has all before `at`. @param known it knows those below this number that are at `at` */
  lackedAt(at: number, known: number): number {
    const index = this.#kept.findIndex(
      (seam, index) => seam.at > at || (seam.at === at && this.#forgotten + index >= known),
    )
    return index < 0 ? this.end : this.#forgotten + index
  }
}
