import { createHash, randomBytes } from 'node:crypto'
import type { Identity } from '../sign-in/identity.ts'

/** How long a ticket waits for its viewer. */
const TICKET_TTL_MS = 30_000

/** Whom a ticket is for: somebody, and the sign-in that they asked with. */
type Holder = Pick<Identity, 'user' | 'signIn'>

interface Issued {
  session: string
  holder: Holder
  expiresAt: number
}

/**
 * Tickets to join a console session. One works once, for 30 s, and for nobody but whom it was issued to; only its
 * hash is kept, so that a memory dump or a log of this map opens nothing.
 */
export class Tickets {
  readonly #issued = new Map<string, Issued>()

  constructor(readonly now: () => number = Date.now) {}

  /** @returns the ticket and its end, ms since the epoch */
  issue(session: string, { user, signIn }: Holder): { ticket: string; expiresAt: number } {
    const now = this.now()
    for (const [key, { expiresAt }] of this.#issued) if (expiresAt < now) this.#issued.delete(key)
    const ticket = randomBytes(32).toString('base64url')
    const expiresAt = now + TICKET_TTL_MS
    this.#issued.set(hash(ticket), { session, holder: { user, signIn }, expiresAt })
    return { ticket, expiresAt }
  }

  /**
   * Uses the ticket up, also in the hands of another: what two people have is nobody's, and whom it was for gets a
   * new one for the asking.
   * @returns whether it opens this session to this holder
   */
  redeem(session: string, ticket: string, { user, signIn }: Holder): boolean {
    const key = hash(ticket)
    const issued = this.#issued.get(key)
    if (issued?.session !== session) return false
    this.#issued.delete(key)
    const { holder, expiresAt } = issued
    return expiresAt >= this.now() && holder.user.id === user.id && holder.signIn === signIn
  }

  /** The sign-in has ended: what it did not use is worth nothing. */
  forget(signIn: string): void {
    for (const [key, { holder }] of this.#issued) if (holder.signIn === signIn) this.#issued.delete(key)
  }

  get size(): number {
    return this.#issued.size
  }
}

// Looked up by its hash: how long the look-up takes tells nothing of the ticket.
const hash = (ticket: string) => createHash('sha256').update(ticket).digest('base64url')
