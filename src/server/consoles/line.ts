import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LineState, Proof } from '../../shared/relay-protocol.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Dialler } from '../outbound/dialler.ts'
import { GatewaySocket } from './gateway-socket.ts'
import type { Holder, PatientTry } from './holder.ts'
import { alwaysGood, type LineLease } from './line-lease.ts'
import type { Pace } from './pace.ts'
import { Recovery } from './recovery.ts'
import type { Turns } from './turns.ts'

/** How long to wait where the cloud is so slow that too many lines ask it already. */
const BUSY_MS = 1_000

export interface LineHandlers {
  onState(state: LineState): void
  /** The callee may keep the buffer, but must not change it. */
  onBytes(bytes: Buffer): void
  /** The first `count` bytes that were sent on this connection have left this process. */
  onWritten(count: number): void
  /** The gateway has the first `count` bytes that were sent on this connection. */
  onProved(count: number, proof: Proof): void
  /** The connection is gone. What comes of that follows soon. */
  onGone(): void
  /** The line was lost. @returns null: somebody waits for it */
  onUnattended(...lost: Parameters<Holder['lost']>): PatientTry | null
  /** The line is over and cannot come back by itself. Nothing follows. */
  onEnded(failure: Failure): void
}

/** A line, as the session uses it. */
export interface LinePort {
  /** As it is now: the time until the next try is what is left of it. */
  readonly state: LineState
  open(): void
  /** Serial bytes to the machine; only while the line is open. */
  send(bytes: Buffer): void
  pause(): void
  resume(): void
  /** A person does not want to wait: a lost line is tried now, unless that was asked for too often. */
  retryNow(): void
  /** A person came: a try that nobody waited for comes sooner. */
  attended(): void
  /** @returns once nothing of it reaches the gateway any more */
  close(): Promise<void>
}

export interface LineOptions {
  /** Holds a token, and was checked. Only the first connection uses it. */
  url: string
  /** Asks the cloud for a new URL; each reconnect needs one. @throws CloudError */
  reissue: () => Promise<string>
  /** All lines of the server share these. */
  pace: Pace
  dialler: Dialler
  turns: Turns
  /** The server's; '': it has none */
  project: string
  /** Absent: nobody else can have the line. */
  lease?: LineLease
  handlers: LineHandlers
  clock: Clock
  /** Whether the gateway is there shows in real time, whatever clock the waits are told by. */
  gatewayClock?: Clock
  random?: () => number
}

/** The next try to bring the line back. */
interface NextTry {
  failure: Failure
  /** When it is due */
  at: number
  /** Nobody waits for it. */
  patient: boolean
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
  /** How many connections were open so far. */
  #opens = 0
  #paused = false
  #closed = false
  #closing: Promise<void> | undefined

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

  send(bytes: Buffer): void {
    this.#gateway?.send(bytes)
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

  attended(): void {
    const next = this.#nextTry
    if (!next?.patient) return
    next.cancel()
    this.#tryIn(this.#recovery.attended(), next.failure)
  }

  close(): Promise<void> {
    this.#closed = true
    this.#nextTry?.cancel()
    this.#nextTry = null
    this.#closing ??= this.#gateway?.close()
    this.#gateway = null
    return this.#closing ?? Promise.resolve()
  }

  #connect(url: string): void {
    const { handlers, dialler, clock, gatewayClock = clock, lease = alwaysGood, turns } = this.#options
    if (!lease.good) return this.#fenced()
    const gateway = new GatewaySocket(
      url,
      {
        onOpen: () => {
          this.#recovery.opened()
          this.#opens += 1
          this.#show({ type: 'state', gateway: 'open', line: this.#opens })
        },
        onBytes: (bytes) => {
          this.#recovery.spoke()
          handlers.onBytes(bytes)
        },
        onWritten: handlers.onWritten,
        onProved: handlers.onProved,
        onEnd: (end) => this.#gone(this.#recovery.failureOf(end)),
        onFenced: () => this.#fenced(),
      },
      dialler,
      { clock: gatewayClock, lease, turns },
    )
    this.#gateway = gateway
    if (this.#paused) gateway.pause()
  }

  /** The line may be another process's now. Nothing is tried any more. */
  #fenced(): void {
    if (this.#closed) return
    this.#gateway = null
    this.#closed = true
    this.#options.handlers.onGone()
    this.#options.handlers.onEnded({ cause: 'line-moved' })
  }

  /** A gateway has thousands of lines, and may go with all of them. */
  #gone(failure: Failure): void {
    this.#gateway = null
    this.#options.handlers.onGone()
    this.#options.turns.do(() => {
      if (!this.#closed) this.#lost(failure)
    })
  }

  #lost(failure: Failure): void {
    this.#gateway = null
    const { handlers } = this.#options
    const wait = this.#recovery.lost(failure)
    if (wait === null) {
      this.#closed = true
      return handlers.onEnded(failure)
    }
    const patient = handlers.onUnattended(failure, (asked) => void this.#ask(failure, asked))
    if (patient) this.#waitFor({ failure, patient: true, ...patient })
    else this.#tryIn(wait, failure)
  }

  #tryIn(ms: number, failure: Failure, hurried = false): void {
    const { clock, pace } = this.#options
    const booking = pace.book(ms, hurried)
    const cancelTimer = clock.after(booking.wait, () => void this.#try(failure))
    const cancel = () => {
      cancelTimer()
      booking.cancel()
    }
    this.#waitFor({ failure, patient: false, wait: booking.wait, cancel })
  }

  #waitFor({ wait, ...next }: Omit<NextTry, 'at'> & { wait: number }): void {
    this.#nextTry = { ...next, at: this.#options.clock.now() + wait }
    // Comes last, because the session may answer by closing the line.
    this.#show({ type: 'state', gateway: 'lost', failure: next.failure, retryInMs: Math.round(wait) })
  }

  async #try(failure: Failure): Promise<void> {
    this.#nextTry = null
    const done = this.#options.pace.begin(this.#options.project)
    if (!done) return this.#tryIn(BUSY_MS, failure)
    await this.#ask(failure, done)
  }

  async #ask(failure: Failure, done: () => void): Promise<void> {
    if (this.#closed) return done()
    this.#nextTry = null
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
