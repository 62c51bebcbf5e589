import { type Clock, every } from '../../../shared/clock.ts'
import type { LineReader, LineRef, LineStore } from '../store/store.ts'

/** How soon a follower hears that the line has begun. */
const LOOK_MS = 1_000

/** A line of which nothing is known yet, since nobody has opened its console. It is that line once somebody does. */
export class LateLine implements LineReader {
  readonly line: LineRef
  readonly #store: LineStore
  readonly #clock: Clock

  constructor(id: string, store: LineStore, clock: Clock) {
    this.line = { server: { id, name: id }, project: null }
    this.#store = store
    this.#clock = clock
  }

  get start(): number {
    return this.#known?.start ?? 0
  }

  get end(): number {
    return this.#known?.end ?? 0
  }

  async read(from: number, most: number) {
    return this.#known?.read(from, most) ?? { at: 0, bytes: Buffer.alloc(0) }
  }

  async marks(from: number, to: number) {
    return this.#known?.marks(from, to) ?? []
  }

  async timeOf(offset: number) {
    return this.#known?.timeOf(offset) ?? 0
  }

  async times(from: number, to: number) {
    return this.#known?.times(from, to) ?? []
  }

  async offsetOf(time: number) {
    return this.#known?.offsetOf(time) ?? 0
  }

  async files() {
    return this.#known?.files() ?? []
  }

  follow(told: () => void): () => void {
    let end = every(this.#clock, LOOK_MS, () => {
      const known = this.#known
      if (!known) return
      end()
      end = known.follow(told)
      told()
    })
    return () => end()
  }

  get #known(): LineReader | null {
    return this.#store.reader(this.line.server.id)
  }
}
