import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a ticket waits for its viewer. */
export const TICKET_TTL_MS = 30_000

/** What the relay keeps of an issued console until its viewer comes. `url` holds the gateway's token. */
export interface PendingConsole {
  serverId: string
  url: string
}

interface Pending extends PendingConsole {
  ticketHash: Buffer
  expiresAt: number
}

/**
 * Issued relay sessions that wait for their viewer. A ticket works once and for 30 s; only its hash is kept, so
 * that a memory dump or a log of this map opens nothing.
 */
export class RelaySessions {
  readonly #pending = new Map<string, Pending>()

  constructor(readonly now: () => number = Date.now) {}

  create(console: PendingConsole): { session: string; ticket: string; expiresAt: number } {
    this.#sweep()
    const session = randomBytes(16).toString('base64url')
    const ticket = randomBytes(32).toString('base64url')
    const expiresAt = this.now() + TICKET_TTL_MS
    this.#pending.set(session, { ...console, ticketHash: hash(ticket), expiresAt })
    return { session, ticket, expiresAt }
  }

  /** Takes the session out, once. @returns null when the ticket is wrong, used, or too old */
  redeem(session: string, ticket: string): PendingConsole | null {
    const pending = this.#pending.get(session)
    if (!pending || !timingSafeEqual(pending.ticketHash, hash(ticket))) return null
    this.#pending.delete(session)
    if (pending.expiresAt < this.now()) return null
    return { serverId: pending.serverId, url: pending.url }
  }

  get size(): number {
    return this.#pending.size
  }

  #sweep(): void {
    const now = this.now()
    for (const [session, { expiresAt }] of this.#pending) if (expiresAt < now) this.#pending.delete(session)
  }
}

const hash = (ticket: string) => createHash('sha256').update(ticket).digest()
