import { createHash, randomBytes } from 'node:crypto'

/** How long a ticket waits for its viewer. */
const TICKET_TTL_MS = 30_000

interface Issued {
  session: string
  expiresAt: number
}

/**
 * Tickets to join a console session. One works once and for 30 s; only its hash is kept, so that a memory dump or a
 * log of this map opens nothing.
 */
export class Tickets {
  readonly #issued = new Map<string, Issued>()

  constructor(readonly now: () => number = Date.now) {}

  /** @returns the ticket and its end, ms since the epoch */
  issue(session: string): { ticket: string; expiresAt: number } {
    const now = this.now()
    for (const [key, { expiresAt }] of this.#issued) if (expiresAt < now) this.#issued.delete(key)
    const ticket = randomBytes(32).toString('base64url')
    const expiresAt = now + TICKET_TTL_MS
    this.#issued.set(hash(ticket), { session, expiresAt })
    return { ticket, expiresAt }
  }

  /** Uses the ticket up. @returns whether it opens this session */
  redeem(session: string, ticket: string): boolean {
    const key = hash(ticket)
    const issued = this.#issued.get(key)
    if (issued?.session !== session) return false
    this.#issued.delete(key)
    return issued.expiresAt >= this.now()
  }

  get size(): number {
    return this.#issued.size
  }
}

// Looked up by its hash: how long the look-up takes tells nothing of the ticket.
const hash = (ticket: string) => createHash('sha256').update(ticket).digest('base64url')
