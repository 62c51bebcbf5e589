import { backoff } from '../../shared/backoff.ts'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { CloudError } from '../clouds/cloud.ts'
import { type GatewayEnd, type GatewayHandlers, GatewaySocket } from './gateway-socket.ts'

/** A gateway that accepts us, sends nothing and hangs up within this time has refused the token. */
const REFUSAL_MS = 3_000
/** Where this many fresh URLs in a row are refused, their tokens have not expired: something else is wrong. */
const MAX_REFUSALS = 3
/** Keys typed before the gateway's socket opens wait up to this size. What comes beyond is not sent. */
const MAX_EARLY_BYTES = 64 * 1024
const MAX_EARLY_PIECES = 1_000

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
  open(): void
  /** @returns false when the line is down and the bytes went nowhere */
  send(bytes: Buffer): boolean
  /** What waits for the gateway, with what each piece takes in memory */
  readonly bufferedBytes: number
  pause(): void
  resume(): void
  close(): void
}

export interface LineOptions {
  /** Holds a token, and was checked. Only the first connection uses it. */
  url: string
  /** Asks the cloud for a new URL; each reconnect needs one. @throws CloudError */
  reissue: () => Promise<string>
  handlers: LineHandlers
  clock: Clock
  random?: () => number
}

/**
 * The one connection to a serial port. When the gateway drops it or the token expires, it asks for a new URL and
 * reconnects. The URL, and with it the token, never leaves this class.
 */
export class Line implements LinePort {
  readonly #options: LineOptions
  #gateway: GatewaySocket | null = null
  #cancelRetry: () => void = () => {}
  #early: Buffer[] = []
  #earlyBytes = 0
  #openedAt = 0
  #spoke = false
  #attempt = 0
  #refusals = 0
  #paused = false
  #closed = false

  constructor(options: LineOptions) {
    this.#options = options
  }

  open(): void {
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

  close(): void {
    this.#closed = true
    this.#cancelRetry()
    this.#early = []
    this.#gateway?.close()
    this.#gateway = null
  }

  #connect(url: string): void {
    const { handlers, clock } = this.#options
    this.#spoke = false
    this.#earlyBytes = 0
    handlers.onState({ type: 'state', gateway: 'opening' })
    const on: GatewayHandlers = {
      onOpen: () => {
        this.#openedAt = clock.now()
        for (const bytes of this.#early.splice(0)) gateway.send(bytes)
        handlers.onState({ type: 'state', gateway: 'open' })
      },
      onBytes: (bytes) => {
        this.#spoke = true
        this.#attempt = 0
        this.#refusals = 0
        handlers.onBytes(bytes)
      },
      onDrain: handlers.onDrain,
      onEnd: (end) => this.#lost(this.#failureOf(end)),
    }
    const gateway = new GatewaySocket(url, on, clock)
    this.#gateway = gateway
    if (this.#paused) gateway.pause()
  }

  /** Why the connection ended, as far as the gateway shows it. */
  #failureOf(end: GatewayEnd): Failure {
    switch (end.kind) {
      case 'unreachable':
        return { cause: 'gateway-unreachable', detail: end.detail }
      case 'unintelligible':
        return { cause: 'protocol-error', detail: `The gateway is not a WebSocket server: ${end.detail}` }
      case 'closed':
        if (end.code === 1003) {
          return { cause: 'protocol-error', detail: 'The gateway does not accept binary frames.' }
        }
        return !this.#spoke && this.#options.clock.now() - this.#openedAt < REFUSAL_MS
          ? {
              cause: 'gateway-refused',
              detail: `The gateway closed the connection before the first byte (close ${end.code}).`,
            }
          : { cause: 'gateway-closed', detail: `The gateway closed the connection (close ${end.code}).` }
    }
  }

  #lost(failure: Failure): void {
    const { handlers, clock, random = Math.random } = this.#options
    this.#gateway = null
    this.#early = []
    if (failure.cause === 'gateway-refused') this.#refusals += 1
    if (!retriesByItself[failure.cause] || this.#refusals >= MAX_REFUSALS) {
      this.#closed = true
      handlers.onEnded(failure)
      return
    }
    const wait = Math.max(backoff(this.#attempt, random()), (failure.retryAfter ?? 0) * 1000)
    this.#attempt += 1
    this.#cancelRetry = clock.after(wait, () => void this.#reconnect())
    // Comes last, because the session may answer by closing the line.
    handlers.onState({ type: 'state', gateway: 'lost', failure, retryInMs: Math.round(wait) })
  }

  async #reconnect(): Promise<void> {
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
    }
  }
}
