import { z } from 'zod'
import type { Now } from '../../shared/clock.ts'
import { PowerAction } from '../../shared/server.ts'
import { RecentKeys } from '../store/recent-keys.ts'
import type { Store } from '../store/store.ts'

/** More at once are a flood. */
const MAX_JOBS = 2_000
/** A page that was closed never asks for its jobs again. No cloud takes so long for one. */
const KEPT_MS = 24 * 3_600_000

const Accepted = z.object({
  action: PowerAction,
  /** When it was accepted, ms since the epoch */
  at: z.number(),
})

interface EndedJob {
  action: PowerAction
  /** How long it took, as far as anybody has seen */
  ms: number
}

/** Jobs that a cloud has given for power actions and whose end nobody has seen yet, whichever replica asked for them. */
export class AcceptedJobs {
  readonly #store: Store
  readonly #clock: Now
  readonly #recent: RecentKeys

  /** @param clock tells the time of day, as the replicas' clocks are compared */
  constructor(store: Store, clock: Now) {
    this.#store = store
    this.#clock = clock
    this.#recent = new RecentKeys(store, MAX_JOBS)
  }

  async add(server: string, job: string, action: PowerAction): Promise<void> {
    const key = keyOf(server, job)
    const text = JSON.stringify({ action, at: this.#clock.now() } satisfies z.infer<typeof Accepted>)
    await Promise.all([this.#store.put(key, text, KEPT_MS), this.#recent.wrote(key)])
  }

  /** @returns null where its end was seen before, by any replica */
  async take(server: string, job: string): Promise<EndedJob | null> {
    const key = keyOf(server, job)
    this.#recent.removed(key)
    const text = await this.#store.take(key)
    const found = text === null ? undefined : Accepted.safeParse(JSON.parse(text)).data
    return found ? { action: found.action, ms: Math.max(0, this.#clock.now() - found.at) } : null
  }
}

const keyOf = (server: string, job: string) => `power-job:${server} ${job}`
