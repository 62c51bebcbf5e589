import { backoff, GOOD_MS } from '../../shared/backoff.ts'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { type Rate, TokenBucket } from '../../shared/token-bucket.ts'
import type { GatewayEnd } from './gateway-socket.ts'

/**
 * A gateway that sends nothing and hangs up within this time did not let us through to the machine: nova-serialproxy
 * needs 100 ms. A connection that lasts longer was let through, silent or not.
 */
const HANG_UP_MS = 3_000
/** So many new links in a row cannot all have expired: if the line never worked, the gateway refuses it. */
const MAX_HANG_UPS = 3
/** How often people may hurry a line. */
const EARLY_TRIES: Rate = { burst: 3, perSecond: 0.2 }

/**
 * Knows how a line is brought back: what its loss is called, how long to wait for the next try, and when there is none.
 * It opens nothing and has no timer.
 */
export class Recovery {
  readonly #clock: Clock
  readonly #random: () => number
  /** Made with the first try that is hurried: most lines never see one. */
  #earlyTries: TokenBucket | null = null
  /** When the connection opened. Null: there is none. */
  #openedAt: number | null = null
  #spoke = false
  /** A connection of this line reached the machine. */
  #everWorked = false
  #hangUps = 0
  /** Failed tries since the line last worked. */
  #tries = 0
  /** The step of the back-off. It stays where the line comes back only to be lost again. */
  #step = 0
  /** A person hurried the try that is under way. It would have come at this time. */
  #hurriedFrom: number | null = null
  /** The cloud does not want to be asked before this time. */
  #notBefore = 0

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** The number of the next try in this recovery, from 1. 0: the line was never lost. */
  get attempt(): number {
    return this.#tries
  }

  /** The gateway accepted the connection. */
  opened(): void {
    this.#openedAt = this.#clock.now()
    this.#spoke = false
  }

  /** The machine sent something. */
  spoke(): void {
    this.#spoke = true
  }

  /** Why the connection ended, as far as the gateway shows it. */
  failureOf(end: GatewayEnd): Failure {
    switch (end.kind) {
      case 'unreachable':
        return {
          cause: 'gateway-unreachable',
          detail: end.detail,
          ...(end.fault === null ? {} : { fault: end.fault }),
        }
      case 'unintelligible':
        return { cause: 'protocol-error', detail: `The gateway is not a WebSocket server: ${end.detail}` }
      case 'closed':
        if (end.code === 1003)
          return { cause: 'protocol-error', detail: 'The gateway does not accept binary frames.' }
        if (this.#works)
          return { cause: 'gateway-closed', detail: `The gateway closed the connection (close ${end.code}).` }
        // nova-serialproxy does the same in both cases.
        return {
          cause: 'gateway-hung-up',
          detail: `The gateway closed the connection before the first byte (close ${end.code}). It refuses the token, or the serial port of the machine's host is down.`,
        }
      case 'silent':
        return { cause: 'gateway-silent', detail: end.detail }
    }
  }

  /**
   * The connection ended, or the try to get one failed.
   * @returns how long to wait before the next try, ms; null: the line is over
   */
  lost(failure: Failure): number | null {
    const now = this.#clock.now()
    const worked = this.#works
    if (worked) {
      this.#everWorked = true
      this.#tries = 0
    }
    if (this.#openMs >= GOOD_MS) this.#step = 0
    this.#openedAt = null
    this.#tries += 1
    if (failure.cause === 'gateway-hung-up') this.#hangUps += 1
    if (!retriesByItself[failure.cause]) return null
    // A line that once worked is not refused for its Origin: the machine's host may be down, for as long as it takes.
    if (!this.#everWorked && this.#hangUps >= MAX_HANG_UPS) return null
    const asked = (failure.retryAfter ?? 0) * 1000
    this.#notBefore = now + asked
    return Math.max(this.#backoff(worked, now), asked)
  }

  /**
   * A person wants the next try now.
   * @param due when it would come
   * @returns whether it may: not too often, and not before the cloud wants to be asked again
   */
  hurry(due: number): boolean {
    if (this.#clock.now() < this.#notBefore || !this.#mayHurry()) return false
    // A person who presses again brings forward what is early already.
    this.#hurriedFrom ??= due
    return true
  }

  /**
   * A person came to look at a line that is away.
   * @returns how long until the next try, ms; those who come and go do not bring it forward each time
   */
  attended(): number {
    const asked = Math.max(0, this.#notBefore - this.#clock.now())
    return this.#mayHurry() ? asked : Math.max(asked, backoff(this.#step, this.#random()))
  }

  #mayHurry(): boolean {
    this.#earlyTries ??= new TokenBucket(EARLY_TRIES, this.#clock)
    return this.#earlyTries.take()
  }

  /** An early try that fails leaves the waits as they were. */
  #backoff(worked: boolean, now: number): number {
    const due = this.#hurriedFrom
    this.#hurriedFrom = null
    if (due === null || worked) return backoff(this.#step++, this.#random())
    return due > now ? due - now : backoff(Math.max(0, this.#step - 1), this.#random())
  }

  /** Whether the connection reached the machine, as far as anybody can tell. */
  get #works(): boolean {
    return this.#openedAt !== null && (this.#spoke || this.#openMs >= HANG_UP_MS)
  }

  get #openMs(): number {
    return this.#openedAt === null ? 0 : this.#clock.now() - this.#openedAt
  }
}
