import { paths } from '../../shared/api.ts'
import type { Failure } from '../../shared/cause.ts'
import { EmbedGrant, type EmbedSettings, type ExchangeRequest } from '../../shared/embed.ts'
import type { CurrentUser } from '../../shared/user.ts'
import { access } from '../api/access.ts'
import { call, failureOf, received } from '../api/client.ts'
import type { EarlyLaunch } from './early.ts'
import { watchLease } from './lease.ts'
import { type Clock, pageClock } from './throttle.ts'

/** Where the page stands on its way to a console. */
export type LaunchState =
  /** For the page around, which is to send a ticket. */
  | { kind: 'waiting' }
  | { kind: 'exchanging' }
  /** `opening` counts the launches: another one begins with an empty screen. */
  | { kind: 'open'; user: CurrentUser; opening: number }
  | { kind: 'refused'; failure: Failure; ticket: string | null }
  /** No ticket came, and none can. */
  | { kind: 'alone' }
  /** The page around is not one that may embed this; `origin` where the browser tells. */
  | { kind: 'misplaced'; origin: string | null }

export interface LaunchHandlers {
  /** The grant came with the portal's wishes. */
  onGranted: (grant: EmbedGrant) => void
  onRefused: (failure: Failure) => void
  /** A new ticket is needed by `endsAt`, ms since the epoch. */
  onExpiring: (endsAt: number) => void
  onRenewed: () => void
  /** The bearer is over, and nobody has renewed it. */
  onOver: () => void
}

/** Tickets for bearers: at the start, and again before each one's end. */
export class Launch {
  #state: LaunchState
  #openings = 0
  #asking: AbortController | null = null
  #endLease = () => {}
  readonly #listeners = new Set<() => void>()

  constructor(
    readonly server: string,
    readonly handlers: LaunchHandlers,
    first: LaunchState,
    readonly clock: Clock = pageClock,
  ) {
    this.#state = first
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = () => this.#state

  /** A console anew, whoever's was here before. @param early its exchange, where that is under way */
  async launch(ticket: string, early?: EarlyLaunch): Promise<void> {
    const signal = this.#begin()
    this.#drop()
    this.#show({ kind: 'exchanging' })
    try {
      const grant = await (early
        ? received(paths.embedExchange(), EmbedGrant, early.response)
        : exchange(ticket, signal))
      if (!signal.aborted) this.#open(grant)
    } catch (error) {
      if (signal.aborted) return
      const failure = failureOf(error)
      // A refused ticket stays refused; one that did not arrive may be sent again.
      this.#refuse(failure, mayArrive(failure) ? ticket : null)
    }
  }

  /** Goes on with a new bearer; the line and the screen stay. */
  async renew(ticket: string): Promise<void> {
    const before = this.#state
    if (before.kind !== 'open') return this.launch(ticket)
    const signal = this.#begin()
    try {
      const grant = await exchange(ticket, signal).catch((error: unknown) => {
        if (failureOf(error).cause !== 'sign-in-needed') throw error
        // Too late for the bearer, not for the ticket.
        this.#drop()
        return exchange(ticket, signal)
      })
      if (signal.aborted) return
      // The server compares where the bearer is still good; where it is not, nobody has.
      const same = grant.user.name === before.user.name && grant.user.role === before.user.role
      if (grant.server !== this.server || !same) return this.#open(grant)
      this.#hold(grant)
      this.handlers.onRenewed()
    } catch (error) {
      if (!signal.aborted) this.handlers.onRefused(failureOf(error))
    }
  }

  /** Nobody around has answered. */
  giveUp(state: Extract<LaunchState, { kind: 'misplaced' | 'alone' }>): void {
    if (this.#state.kind === 'waiting') this.#show(state)
  }

  #begin(): AbortSignal {
    this.#asking?.abort()
    this.#asking = new AbortController()
    return this.#asking.signal
  }

  #open(grant: EmbedGrant): void {
    if (grant.server !== this.server) {
      this.#drop()
      this.#refuse({ cause: 'launch-refused', detail: `The ticket is for the server ${grant.server}.` }, null)
      return
    }
    this.#openings += 1
    this.#hold(grant)
    this.handlers.onGranted(grant)
    this.#show({ kind: 'open', user: grant.user, opening: this.#openings })
  }

  #refuse(failure: Failure, ticket: string | null): void {
    this.#show({ kind: 'refused', failure, ticket })
    this.handlers.onRefused(failure)
  }

  #hold({ bearer, expiresAt }: EmbedGrant): void {
    this.#endLease()
    access.set({ by: 'bearer', bearer })
    const { onExpiring } = this.handlers
    const onOver = () => {
      this.#drop()
      this.handlers.onOver()
    }
    this.#endLease = watchLease(Date.parse(expiresAt), { onExpiring, onOver }, this.clock)
  }

  #drop(): void {
    this.#endLease()
    access.set({ by: 'bearer', bearer: null })
  }

  #show(state: LaunchState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

const mayArrive = ({ cause }: Failure) =>
  cause === 'network-lost' || cause === 'proxy-unreachable' || cause === 'proxy-restarting'

function exchange(ticket: string, signal: AbortSignal): Promise<EmbedGrant> {
  const body: ExchangeRequest = { ticket }
  return call(paths.embedExchange(), EmbedGrant, 'POST', signal, body)
}

/** What this window is in. */
export interface Surroundings {
  framed: boolean
  /** Of the page around, where the browser tells. */
  around: string | null
}

/** How a page begins that has no ticket. */
export function firstState({ origins }: EmbedSettings, { framed, around }: Surroundings): LaunchState {
  if (origins.length === 0)
    return {
      kind: 'refused',
      failure: { cause: 'embed-off', detail: 'BMS_CONSOLE_EMBED_ORIGINS is not set.' },
      ticket: null,
    }
  if (!framed) return { kind: 'alone' }
  if (around !== null && !origins.includes(around)) return { kind: 'misplaced', origin: around }
  return { kind: 'waiting' }
}
