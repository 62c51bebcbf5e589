import { createHash, randomBytes } from 'node:crypto'
import { type Clock, systemClock } from '../../shared/clock.ts'
import type { Identity } from '../sign-in/identity.ts'

/** How long a ticket waits for its viewer. */
const TICKET_TTL_MS = 30_000

/** A ticket belongs to a user and to the sign-in that they asked with. */
type Holder = Pick<Identity, 'user' | 'signIn'>

interface Issued {
  session: string
  holder: Holder
  expiresAt: number
}

/**
 * Tickets to join a console session. A ticket works once, for 30 s, and only for its holder. Only its hash is kept, so
 * a memory dump or a log of this map opens nothing.
 */
export class Tickets {
  readonly #issued = new Map<string, Issued>()
  readonly #clock: Clock

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** @returns the ticket, and how long it is good */
  issue(session: string, { user, signIn }: Holder): { ticket: string; expiresInMs: number } {
    const now = this.#clock.now()
    for (const [key, { expiresAt }] of this.#issued) if (expiresAt < now) this.#issued.delete(key)
    const ticket = randomBytes(32).toString('base64url')
    const expiresAt = now + TICKET_TTL_MS
    this.#issued.set(hash(ticket), { session, holder: { user, signIn }, expiresAt })
    return { ticket, expiresInMs: TICKET_TTL_MS }
  }

  /**
   * Uses the ticket up, also where another user presents it: a ticket that two people know is no longer safe. Its
   * holder can ask for a new one.
   * @returns whether it opens this session to this holder
   */
  redeem(session: string, ticket: string, { user, signIn }: Holder): boolean {
    const key = hash(ticket)
    const issued = this.#issued.get(key)
    if (issued?.session !== session) return false
    this.#issued.delete(key)
    const { holder, expiresAt } = issued
    return expiresAt >= this.#clock.now() && holder.user.id === user.id && holder.signIn === signIn
  }

  /** The sign-in has ended: its unused tickets are void. */
  forget(signIn: string): void {
    for (const [key, { holder }] of this.#issued) if (holder.signIn === signIn) this.#issued.delete(key)
  }

  get size(): number {
    return this.#issued.size
  }
}

// A look-up by hash takes a time that says nothing about the ticket.
const hash = (ticket: string) => createHash('sha256').update(ticket).digest('base64url')
