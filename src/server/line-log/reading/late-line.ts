import { type Clock, every } from '../../../shared/clock.ts'
import type { LineRef, LineStore, LogReader } from '../store/store.ts'

/** How soon a follower hears that the line has begun. */
const LOOK_MS = 1_000

/** A line of which nothing is known yet, since nobody has opened its console. It is that line once somebody does. */
export class LateLine implements LogReader {
  readonly line: LineRef
  readonly #store: Pick<LineStore, 'reader'>
  readonly #clock: Clock

  constructor(id: string, store: Pick<LineStore, 'reader'>, clock: Clock) {
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

  async offsetOf(time: number) {
    return this.#known?.offsetOf(time) ?? 0
  }

  stretches() {
    return this.#known?.stretches() ?? []
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

  get #known(): LogReader | null {
    return this.#store.reader(this.line.server.id)
  }
}
