import { type Clock, noTimer } from '../../shared/clock.ts'
import type { Proof } from '../../shared/relay-protocol.ts'
import { LATE_MS } from './late.ts'

/** Proxies in front of gateways cut connections that were idle for 30 to 60 s. */
const PING_MS = 15_000
/** A gateway that has answered before has so long for the next answer. */
const SILENT_MS = 25_000
/** Pings for proofs are so far apart at least, so a paste does not ping for each of its pieces. */
const PROOF_MS = 10
/** A gateway that has answered no ping after so long a time of reading takes none. websockify answers in about 1 ms. */
const DECIDE_MS = 2_000

export interface GatewayPulseOptions {
  clock: Clock
  ping(payload: Buffer): void
  /** The gateway has all of the first `count` bytes. Called with counts that grow. */
  onProved(count: number, proof: Proof): void
  /** The gateway no longer answers. @param detail what was measured */
  onSilent(detail: string): void
}

/**
 * Asks a gateway whether it is there and how much it has read, by pings that carry how many bytes were sent before them.
 * One ping at a time is under way. A gateway that answers none is judged by its socket alone: what has left this process
 * counts as taken, and bytes that do not leave show that nobody reads them.
 */
export class GatewayPulse {
  readonly #options: GatewayPulseOptions
  /** Whether this gateway answers pings. */
  #answers: 'unknown' | 'yes' | 'no' = 'unknown'
  #handed = 0
  #written = 0
  #proved = 0
  /** What the ping under way carries; null: none is. */
  #awaited: number | null = null
  /** What the newest ping carried */
  #asked = 0
  #stopped = false
  #pingedAt = 0
  /** When the gateway last showed that it is there, or could not because we did not read. */
  #aliveAt = 0
  /** When bytes last left this process, or began to wait for that. */
  #wroteAt = 0
  #paused = false
  /** For how long we have read, up to `readSince`. Nothing is read while paused. */
  #readMs = 0
  #readSince = 0
  #cancel = noTimer
  /** A ping for a proof is due; null: none is. */
  #cancelProof: (() => void) | null = null

  constructor(options: GatewayPulseOptions) {
    this.#options = options
  }

  /** The connection is open. */
  start(): void {
    this.#aliveAt = this.#now()
    this.#readMs = 0
    this.#readSince = this.#now()
    this.#ping()
    this.#wait(DECIDE_MS)
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
    this.#cancelProof?.()
  }

  /** Bytes go to the gateway. */
  handed(bytes: number): void {
    if (this.#handed === this.#written) this.#wroteAt = this.#now()
    this.#handed += bytes
  }

  /** All bytes of this turn are on their way. A ping right behind them leaves with them, and so costs next to nothing. */
  turnEnds(): void {
    if (!this.#stopped && this.#handed > this.#asked) this.#proveSoon()
  }

  /** Bytes have left this process. */
  written(bytes: number): void {
    this.#written += bytes
    this.#wroteAt = this.#now()
    if (this.#answers === 'no') this.#prove(this.#written, 'written')
  }

  /** Something came from the gateway. */
  heard(): void {
    this.#aliveAt = this.#now()
  }

  pong(payload: Buffer): void {
    const count = this.#awaited
    if (count === null || payload.toString('latin1') !== String(count)) return
    this.#awaited = null
    this.#answers = 'yes'
    this.#prove(count, 'pong')
    if (this.#handed > count) this.#proveSoon()
  }

  /** While we do not read, the gateway cannot show that it is there. */
  pause(paused: boolean): void {
    const now = this.#now()
    if (!this.#paused) this.#readMs += now - this.#readSince
    this.#paused = paused
    this.#readSince = now
    this.#aliveAt = now
  }

  #now(): number {
    return this.#options.clock.now()
  }

  #prove(count: number, proof: Proof): void {
    if (count <= this.#proved) return
    this.#proved = count
    this.#options.onProved(count, proof)
  }

  #proveSoon(): void {
    if (this.#answers === 'no' || this.#awaited !== null || this.#cancelProof) return
    const wait = this.#pingedAt + PROOF_MS - this.#now()
    if (wait <= 0) return this.#ping()
    this.#cancelProof = this.#options.clock.after(wait, () => {
      this.#cancelProof = null
      if (this.#answers !== 'no' && this.#awaited === null) this.#ping()
    })
  }

  #ping(): void {
    this.#awaited = this.#handed
    this.#asked = this.#handed
    this.#pingedAt = this.#now()
    this.#options.ping(Buffer.from(String(this.#handed), 'latin1'))
  }

  #wait(ms: number): void {
    const due = this.#now() + ms
    this.#cancel = this.#options.clock.after(ms, () => {
      const now = this.#now()
      if (now - due > LATE_MS) {
        this.#aliveAt = now
        this.#readSince = now
      }
      this.#check(now)
    })
  }

  /** One timer does all. It comes when the first of these is due. */
  #check(now: number): void {
    if (this.#answers === 'unknown') {
      const undecidedMs = DECIDE_MS - this.#readMs - (this.#paused ? 0 : now - this.#readSince)
      if (undecidedMs > 0) return this.#wait(this.#paused ? DECIDE_MS : undecidedMs)
      this.#answers = 'no'
      this.#prove(this.#written, 'written')
    }
    const silentAt = this.#silentAt()
    if (silentAt <= now) {
      const seconds = SILENT_MS / 1000
      const what =
        this.#answers === 'yes'
          ? `The gateway answered no ping for ${seconds} s.`
          : `The gateway took no byte for ${seconds} s.`
      return this.#options.onSilent(what)
    }
    // Where no ping is answered, the next one cannot wait for the answer.
    if (now - this.#pingedAt >= PING_MS && (this.#awaited === null || this.#answers === 'no')) this.#ping()
    const pingAt = this.#pingedAt + PING_MS
    this.#wait(Math.min(this.#silentAt(), pingAt > now ? pingAt : now + PING_MS) - now)
  }

  /** When the gateway counts as silent unless it is heard before. */
  #silentAt(): number {
    const never = Number.POSITIVE_INFINITY
    if (this.#paused) return never
    if (this.#answers === 'yes') {
      return this.#awaited === null ? never : Math.max(this.#pingedAt, this.#aliveAt) + SILENT_MS
    }
    return this.#handed === this.#written ? never : Math.max(this.#wroteAt, this.#aliveAt) + SILENT_MS
  }
}
