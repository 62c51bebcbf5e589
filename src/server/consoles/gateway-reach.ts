import type { Clock } from '../../shared/clock.ts'
import { shownAt, type Target } from '../outbound/proxies.ts'
import type { WayError } from '../outbound/way-error.ts'

/** Who was reached a minute ago is not asked for each console. */
const REACHED_MS = 60_000
/** A person waits for each new try, and a firewall lets them wait long. What came back is found within this time. */
const UNREACHED_MS = 20_000
/** More gateways than an installation has */
const MAX_GATEWAYS = 1_000

interface Tried {
  why: Promise<WayError | null>
  until: number
}

/** Whether gateways can be reached from this server: tried when it matters, and remembered for a while. */
export class GatewayReach {
  readonly #tries = new Map<string, Tried>()

  constructor(
    readonly tryOnce: (target: Target) => Promise<WayError | null>,
    readonly clock: Clock,
  ) {}

  /** @returns why the gateway cannot be reached; null: it can */
  async why(target: Target): Promise<WayError | null> {
    const key = `${target.secure ? 'wss' : 'ws'}://${shownAt(target)}`
    const known = this.#tries.get(key)
    if (known && this.clock.now() < known.until) return known.why
    const tried: Tried = { why: this.tryOnce(target), until: Number.POSITIVE_INFINITY }
    this.#tries.delete(key)
    this.#tries.set(key, tried)
    const [oldest] = this.#tries.keys()
    if (this.#tries.size > MAX_GATEWAYS && oldest !== undefined) this.#tries.delete(oldest)
    const why = await tried.why
    tried.until = this.clock.now() + (why ? UNREACHED_MS : REACHED_MS)
    return why
  }
}
