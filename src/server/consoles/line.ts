import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { CloudError } from '../clouds/cloud.ts'
import { GatewaySocket } from './gateway-socket.ts'
import type { Pace } from './pace.ts'
import { Recovery } from './recovery.ts'

/** Keys typed before the gateway's socket opens wait up to this size. What comes beyond is not sent. */
const MAX_EARLY_BYTES = 64 * 1024
const MAX_EARLY_PIECES = 1_000
/** How long to wait where the cloud is so slow that too many lines ask it already. */
const BUSY_MS = 1_000

export interface LineHandlers {
  onState(state: LineState): void
  /** The callee may keep the buffer, but must not change it. */
  onBytes(bytes: Buffer): void
  /** All that was sent has left this process. */
  onDrain(): void
  /** The line is over and cannot come back by itself. Nothing follows. */
  onEnded(failure: Failure): void
}

/** A line, as the session uses it. */
export interface LinePort {
  /** As it is now: the time until the next try is what is left of it. */
  readonly state: LineState
  open(): void
  /** @returns false when the line is down and the bytes went nowhere */
  send(bytes: Buffer): boolean
  /** What waits for the gateway, with what each piece takes in memory */
  readonly bufferedBytes: number
  pause(): void
  resume(): void
  /** A person does not want to wait: a lost line is tried now, unless that was asked for too often. */
  retryNow(): void
  close(): void
}

export interface LineOptions {
  /** Holds a token, and was checked. Only the first connection uses it. */
  url: string
  /** Asks the cloud for a new URL; each reconnect needs one. @throws CloudError */
  reissue: () => Promise<string>
  /** All lines of the server share it. */
  pace: Pace
  /** The server's; '': it has none */
  project: string
  handlers: LineHandlers
  clock: Clock
  random?: () => number
}

/** The next try to bring the line back. */
interface NextTry {
  failure: Failure
  /** When it is due */
  at: number
  cancel(): void
}

/**
 * The one connection to a serial port. When the gateway drops it or the token expires, it asks for a new URL and
 * reconnects. The URL, and with it the token, never leaves this class.
 */
export class Line implements LinePort {
  readonly #options: LineOptions
  readonly #recovery: Recovery
  #gateway: GatewaySocket | null = null
  #state: LineState = { type: 'state', gateway: 'opening', attempt: 0, failure: null }
  /** Null while the line is there, and while a try is under way. */
  #nextTry: NextTry | null = null
  #early: Buffer[] = []
  #earlyBytes = 0
  #paused = false
  #closed = false

  constructor(options: LineOptions) {
    this.#options = options
    this.#recovery = new Recovery(options.clock, options.random ?? Math.random)
  }

  get state(): LineState {
    const next = this.#nextTry
    if (!next || this.#state.gateway !== 'lost') return this.#state
    return { ...this.#state, retryInMs: Math.max(0, Math.round(next.at - this.#options.clock.now())) }
  }

  open(): void {
    this.#show(this.#state)
    this.#connect(this.#options.url)
  }

  send(bytes: Buffer): boolean {
    const gateway = this.#gateway
    if (!gateway) return false
    if (gateway.isOpen) {
      gateway.send(bytes)
      return true
    }
    this.#earlyBytes += bytes.length
    if (this.#earlyBytes > MAX_EARLY_BYTES || this.#early.length >= MAX_EARLY_PIECES) return false
    this.#early.push(bytes)
    return true
  }

  get bufferedBytes(): number {
    return this.#gateway?.bufferedBytes ?? 0
  }

  pause(): void {
    this.#paused = true
    this.#gateway?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#gateway?.resume()
  }

  retryNow(): void {
    const next = this.#nextTry
    if (!next || !this.#recovery.hurry(next.at)) return
    next.cancel()
    this.#tryIn(0, next.failure, true)
  }

  close(): void {
    this.#closed = true
    this.#nextTry?.cancel()
    this.#nextTry = null
    this.#early = []
    this.#gateway?.close()
    this.#gateway = null
  }

  #connect(url: string): void {
    const { handlers, clock } = this.#options
    this.#earlyBytes = 0
    const gateway = new GatewaySocket(
      url,
      {
        onOpen: () => {
          this.#recovery.opened()
          for (const bytes of this.#early.splice(0)) gateway.send(bytes)
          this.#show({ type: 'state', gateway: 'open' })
        },
        onBytes: (bytes) => {
          this.#recovery.spoke()
          handlers.onBytes(bytes)
        },
        onDrain: handlers.onDrain,
        onEnd: (end) => this.#lost(this.#recovery.failureOf(end)),
      },
      clock,
    )
    this.#gateway = gateway
    if (this.#paused) gateway.pause()
  }

  #lost(failure: Failure): void {
    this.#gateway = null
    this.#early = []
    const wait = this.#recovery.lost(failure)
    if (wait !== null) return this.#tryIn(wait, failure)
    this.#closed = true
    this.#options.handlers.onEnded(failure)
  }

  #tryIn(ms: number, failure: Failure, hurried = false): void {
    const { clock, pace } = this.#options
    const booking = pace.book(ms, hurried)
    const cancelTimer = clock.after(booking.wait, () => void this.#try(failure))
    this.#nextTry = {
      failure,
      at: clock.now() + booking.wait,
      cancel() {
        cancelTimer()
        booking.cancel()
      },
    }
    // Comes last, because the session may answer by closing the line.
    this.#show({ type: 'state', gateway: 'lost', failure, retryInMs: Math.round(booking.wait) })
  }

  async #try(failure: Failure): Promise<void> {
    this.#nextTry = null
    const done = this.#options.pace.begin(this.#options.project)
    if (!done) return this.#tryIn(BUSY_MS, failure)
    this.#show({ type: 'state', gateway: 'opening', attempt: this.#recovery.attempt, failure })
    try {
      const url = await this.#options.reissue()
      if (!this.#closed) this.#connect(url)
    } catch (error) {
      if (this.#closed) return
      this.#lost(
        error instanceof CloudError
          ? error.failure
          : { cause: 'proxy-error', detail: 'BMS Console failed; its log has the reason.' },
      )
    } finally {
      done()
    }
  }

  #show(state: LineState): void {
    this.#state = state
    this.#options.handlers.onState(state)
  }
}
