import { startAge } from '../shared/clock.ts'
import { LaunchTicket } from '../shared/embed.ts'
import type { GetTicket } from './types.ts'

/** How long a page may take to set `getTicket` after the element has appeared. */
const MISSING_MS = 5_000

export interface TicketsOptions {
  getTicket: () => GetTicket | null
  launch: (ticket: string) => void
  renew: (ticket: string) => void
  /** There is no ticket. @param why in words */
  onMissing: (why: string) => void
  /** There is a ticket after all. */
  onFound: () => void
}

/** Gets one frame's tickets: for its start, for its reloads, and to keep it open. */
export class Tickets {
  readonly #options: TicketsOptions
  /** The ticket that is asked for while the frame loads. Null once it was used. */
  #early: Promise<string> | null = null
  #wanted = false
  #ended = false
  /** Tells how many ms the grant still has. Null while no new ticket is needed. */
  #left: (() => number) | null = null
  #tries = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: TicketsOptions) {
    this.#options = options
    // Asked for while the frame loads: a ticket lives longer than that takes.
    if (!options.getTicket()) return
    this.#early = this.ask()
    // A failure is reported when the ticket is needed.
    this.#early.catch(() => {})
  }

  /** A grant is about to expire and no new ticket has come. The console still works. */
  get renewing(): boolean {
    return this.#left !== null
  }

  /** Call it when `getTicket` was set. */
  provided(): void {
    if (this.#wanted) void this.launch()
    else if (this.renewing) void this.#renew()
  }

  /** Sends the console the ticket that it waits for. */
  async launch(): Promise<void> {
    clearTimeout(this.#timer)
    const { getTicket, launch, onMissing, onFound } = this.#options
    this.#left = null
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

  /** Asks for new tickets until the grant has expired. */
  expiring(expiresInMs: number): void {
    const age = startAge()
    this.#left = () => expiresInMs - age()
    this.#tries = 0
    if (this.#options.getTicket()) void this.#renew()
  }

  retry(): void {
    void this.#renew()
  }

  /** Call it when a new ticket was sent. */
  renewed(): void {
    clearTimeout(this.#timer)
    this.#left = null
    this.#options.onFound()
  }

  /** @throws Error when there is no ticket */
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
    const left = this.#left
    if (left === null) return
    try {
      const ticket = await this.ask()
      if (this.#ended || this.#left !== left) return
      this.#options.renew(ticket)
      this.renewed()
    } catch (error) {
      if (this.#ended || this.#left !== left) return
      const wait = nextTry(this.#tries++, left())
      if (wait === null) this.#options.onMissing(wordsOf(error))
      else this.#timer = setTimeout(() => void this.#renew(), wait)
    }
  }
}

/** How long to wait before asking for a ticket again, in ms. Null when it would come too late. */
export function nextTry(tries: number, leftMs: number): number | null {
  const wait = Math.min(1_000 * 2 ** tries, 15_000)
  return wait < leftMs ? wait : null
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
