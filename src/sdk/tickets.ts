import { LaunchTicket } from '../shared/embed.ts'
import type { GetTicket } from './types.ts'

/** A page may set `getTicket` a moment after the element is there. */
const MISSING_MS = 5_000

export interface TicketsOptions {
  getTicket: () => GetTicket | null
  launch: (ticket: string) => void
  renew: (ticket: string) => void
  /** There is no ticket, in words. */
  onMissing: (why: string) => void
  /** There is one after all. */
  onFound: () => void
}

/** One frame's tickets: the first, those of its reloads, and those that keep it open. */
export class Tickets {
  readonly #options: TicketsOptions
  /** Asked for while the frame loads; null where it was used. */
  #early: Promise<string> | null = null
  #wanted = false
  #ended = false
  #expiresAt: number | null = null
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: TicketsOptions) {
    this.#options = options
    // Beside the loading of the frame: a ticket lives longer than that takes.
    if (!options.getTicket()) return
    this.#early = this.ask()
    // Told where it is needed.
    this.#early.catch(() => {})
  }

  /** A grant is about to end, and no ticket came yet: the console is still there. */
  get renewing(): boolean {
    return this.#expiresAt !== null
  }

  /** `getTicket` was set. */
  provided(): void {
    if (this.#wanted) void this.launch()
    else if (this.renewing) void this.#renew()
  }

  /** The console waits for its ticket. */
  async launch(): Promise<void> {
    clearTimeout(this.#timer)
    const { getTicket, launch, onMissing, onFound } = this.#options
    this.#expiresAt = null
    this.#wanted = getTicket() === null
    if (this.#wanted) {
      const why =
        'Set the property getTicket of <bms-console>: a function that asks your backend for a ticket.'
      this.#timer = setTimeout(() => onMissing(why), MISSING_MS)
      return
    }
    try {
      const asked = this.#early ?? this.ask()
      this.#early = null
      const ticket = await asked
      if (this.#ended) return
      launch(ticket)
      onFound()
    } catch (error) {
      if (!this.#ended) onMissing(wordsOf(error))
    }
  }

  /** Tries until the grant has ended. @param expiresAt ISO 8601 */
  expiring(expiresAt: string): void {
    this.#expiresAt = Date.parse(expiresAt)
    this.#tries = 0
    if (this.#options.getTicket()) void this.#renew()
  }

  retry(): void {
    void this.#renew()
  }

  /** The page renewed by itself. */
  renewed(): void {
    clearTimeout(this.#timer)
    this.#expiresAt = null
    this.#options.onFound()
  }

  /** @throws Error where there is none */
  async ask(): Promise<string> {
    const getTicket = this.#options.getTicket()
    if (!getTicket) throw new Error('getTicket is not set.')
    const ticket = LaunchTicket.safeParse(await getTicket())
    if (!ticket.success) throw new Error('getTicket gave no ticket: it must be the JWT as a string.')
    return ticket.data
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }

  async #renew(): Promise<void> {
    clearTimeout(this.#timer)
    const expiresAt = this.#expiresAt
    if (expiresAt === null) return
    try {
      const ticket = await this.ask()
      if (this.#ended || this.#expiresAt !== expiresAt) return
      this.#options.renew(ticket)
      this.renewed()
    } catch (error) {
      if (this.#ended || this.#expiresAt !== expiresAt) return
      const wait = nextTry(this.#tries++, Date.now(), expiresAt)
      if (wait === null) this.#options.onMissing(wordsOf(error))
      else this.#timer = setTimeout(() => void this.#renew(), wait)
    }
  }
}

/** How long to wait before asking for a ticket again, ms; null when it would come too late. */
export function nextTry(tries: number, now: number, expiresAt: number): number | null {
  const wait = Math.min(1_000 * 2 ** tries, 15_000)
  return now + wait < expiresAt ? wait : null
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
