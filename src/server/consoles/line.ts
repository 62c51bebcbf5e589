import { backoff } from '../../shared/backoff.ts'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import type { LineState } from '../../shared/relay-protocol.ts'
import { CloudError } from '../clouds/cloud.ts'
import { type GatewayEnd, GatewaySocket } from './gateway-socket.ts'

/** A gateway that accepted us and hangs up within this time without a byte refused the token. */
const REFUSAL_MS = 3_000
/** As many fresh URLs in a row refused cannot be expiry. */
const MAX_REFUSALS = 3
/** Keys typed before the gateway's socket opens; more than this is a paste into nowhere. */
const MAX_EARLY_BYTES = 64 * 1024

export interface LineHandlers {
  onState(state: LineState): void
  /** The buffer is the callee's, as long as it does not change it. */
  onBytes(bytes: Buffer): void
  /** What was sent has left. */
  onDrain(): void
  /** It cannot go on by itself. Nothing follows. */
  onEnded(failure: Failure): void
}

/** What the session needs of a line. */
export interface LinePort {
  open(): void
  /** @returns false when the line is down and the bytes went nowhere */
  send(bytes: Buffer): boolean
  readonly bufferedBytes: number
  pause(): void
  resume(): void
  close(): void
}

export interface LineOptions {
  /** Tokenized and checked; used for the first connection only. */
  url: string
  /** Asks the cloud for a new one: each reconnect takes a new URL. @throws CloudError */
  reissue: () => Promise<string>
  handlers: LineHandlers
  random?: () => number
}

/**
 * The one connection to a serial port. When the gateway drops it or the token ends, it asks for a new URL and goes
 * on. The URL, and with it the token, stays in here.
 */
export class Line implements LinePort {
  readonly #options: LineOptions
  #gateway: GatewaySocket | null = null
  #timer: NodeJS.Timeout | undefined
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
    if (this.#earlyBytes > MAX_EARLY_BYTES) return false
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
    clearTimeout(this.#timer)
    this.#early = []
    this.#gateway?.close()
    this.#gateway = null
  }

  #connect(url: string): void {
    const { handlers } = this.#options
    this.#spoke = false
    this.#earlyBytes = 0
    handlers.onState({ type: 'state', gateway: 'opening' })
    const gateway = new GatewaySocket(url, {
      onOpen: () => {
        this.#openedAt = Date.now()
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
    })
    this.#gateway = gateway
    if (this.#paused) gateway.pause()
  }

  /** Why the connection ended, as far as a gateway lets it be known. */
  #failureOf(end: GatewayEnd): Failure {
    switch (end.kind) {
      case 'unreachable':
        return { cause: 'gateway-unreachable', detail: end.detail }
      case 'unintelligible':
        return { cause: 'protocol-error', detail: `The gateway is no WebSocket server: ${end.detail}` }
      case 'closed':
        if (end.code === 1003) {
          return { cause: 'protocol-error', detail: 'The gateway does not accept binary frames.' }
        }
        return !this.#spoke && Date.now() - this.#openedAt < REFUSAL_MS
          ? {
              cause: 'gateway-refused',
              detail: `The gateway hung up before the first byte (close ${end.code}).`,
            }
          : { cause: 'gateway-closed', detail: `The gateway closed the line (close ${end.code}).` }
    }
  }

  #lost(failure: Failure): void {
    const { handlers, random = Math.random } = this.#options
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
    this.#timer = setTimeout(() => void this.#again(), wait)
    // Last: the session may close the line in answer.
    handlers.onState({ type: 'state', gateway: 'lost', failure, retryInMs: Math.round(wait) })
  }

  async #again(): Promise<void> {
    try {
      const url = await this.#options.reissue()
      if (!this.#closed) this.#connect(url)
    } catch (error) {
      if (this.#closed) return
      this.#lost(
        error instanceof CloudError
          ? error.failure
          : { cause: 'proxy-error', detail: 'The proxy failed; its log has the reason.' },
      )
    }
  }
}
