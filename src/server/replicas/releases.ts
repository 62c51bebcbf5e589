import type { Clock } from '../../shared/clock.ts'
import type { Store } from '../store/store.ts'

const CHANNEL = 'lease-released'

/** Tells who waits for a lease that it was given up. */
export class Releases {
  readonly #store: Pick<Store, 'publish' | 'subscribe'>
  readonly #waiting = new Map<string, Set<() => void>>()
  /** Most processes never wait, and hear nothing. */
  #subscribed: Promise<() => Promise<void>> | null = null

  constructor(store: Pick<Store, 'publish' | 'subscribe'>) {
    this.#store = store
  }

  /** @throws StoreError */
  async tell(name: string): Promise<void> {
    await this.#store.publish(CHANNEL, name)
  }

  /**
   * Begins to listen: what is given up from now on is heard.
   * @throws StoreError
   */
  async next(name: string): Promise<{ within(ms: number, clock: Clock): Promise<void>; forget(): void }> {
    await this.#subscribe()
    const waiting = this.#waiting.get(name) ?? new Set()
    this.#waiting.set(name, waiting)
    let heard: () => void = () => {}
    const freed = new Promise<void>((resolve) => {
      heard = resolve
    })
    waiting.add(heard)
    return {
      within: (ms, clock) =>
        new Promise((resolve) => {
          const cancel = clock.after(ms, resolve)
          void freed.then(() => {
            cancel()
            resolve()
          })
        }),
      forget: () => {
        waiting.delete(heard)
        if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name)
      },
    }
  }

  async close(): Promise<void> {
    const end = await this.#subscribed
    await end?.()
  }

  async #subscribe(): Promise<void> {
    this.#subscribed ??= this.#store.subscribe(CHANNEL, (name) => {
      for (const heard of this.#waiting.get(name) ?? []) heard()
    })
    try {
      await this.#subscribed
    } catch (error) {
      this.#subscribed = null
      throw error
    }
  }
}
