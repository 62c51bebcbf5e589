import type { Clock } from '../shared/clock.ts'

/** A clock that a test turns. */
export class ManualClock implements Clock {
  #now: number
  #passed = 0
  #timers = new Map<symbol, { at: number; run: () => void }>()

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  /** A steady clock beside it: time passes on it, and nobody sets it. */
  readonly steady = { now: () => this.#passed }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const key = Symbol()
    this.#timers.set(key, { at: this.#now + ms, run })
    return () => this.#timers.delete(key)
  }

  /** Sets the time forward or back, as an administrator does. The waits take as long as before. */
  set(byMs: number): void {
    this.#now += byMs
    for (const timer of this.#timers.values()) timer.at += byMs
  }

  /** How much is still to run. */
  get pending(): number {
    return this.#timers.size
  }

  /** Passes time; what falls due runs in its order, at its time. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a[1].at - b[1].at)
      if (!next || next[1].at > until) break
      this.#timers.delete(next[0])
      this.#pass(next[1].at)
      next[1].run()
    }
    this.#pass(until)
  }

  #pass(to: number): void {
    this.#passed += to - this.#now
    this.#now = to
  }

  /** The process stands still for so long, e.g. in a machine that was suspended. What fell due runs late. */
  stall(ms: number): void {
    this.#now += ms
    const due = [...this.#timers].filter(([, { at }]) => at <= this.#now)
    for (const [key, { run }] of due.sort((a, b) => a[1].at - b[1].at)) if (this.#timers.delete(key)) run()
  }
}

/** A clock on which every wait ends at once. It counts the waits; a test turns its time. */
export class ImpatientClock extends ManualClock {
  waits = 0

  override after(_ms: number, run: () => void): () => void {
    this.waits += 1
    const soon = setImmediate(run)
    return () => clearImmediate(soon)
  }
}
