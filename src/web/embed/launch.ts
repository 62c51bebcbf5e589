import type { Cause, Failure } from '../../shared/cause.ts'
import { type Clock, startAge, systemClock } from '../../shared/clock.ts'
import { EmbedGrant, type EmbedSettings, type ExchangeRequest } from '../../shared/embed.ts'
import type { CurrentUser } from '../../shared/user.ts'
import { access } from '../api/access.ts'
import { call, failureOf, received } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import type { EarlyLaunch } from './early.ts'
import { watchLease } from './lease.ts'

/** How far the page is on its way to a console. */
export type LaunchState =
  /** The host page has not sent a ticket yet. */
  | { kind: 'waiting' }
  | { kind: 'exchanging' }
  /** `opening` counts the launches: the screen is empty again after each. */
  | { kind: 'open'; user: CurrentUser; opening: number }
  /** `ticket` is given where it is worth sending again. */
  | { kind: 'refused'; failure: Failure; ticket: string | null }
  /** The page is not in a frame, so that no ticket can come. */
  | { kind: 'alone' }
  /** The host page may not embed this one. `origin` is null where the browser does not tell it. */
  | { kind: 'misplaced'; origin: string | null }

export interface LaunchHandlers {
  /** The grant names the look that the portal asks for. */
  onGranted: (grant: EmbedGrant) => void
  onRefused: (failure: Failure) => void
  /** A new ticket is needed. @param left tells how many ms there still are */
  onExpiring: (left: () => number) => void
  onRenewed: () => void
  /** The bearer expired before it was renewed. */
  onExpired: () => void
}

/** Exchanges tickets for bearers: at the start, and again before each bearer expires. */
export class Launch {
  #state: LaunchState
  #openings = 0
  #exchanging: AbortController | null = null
  #endLease = () => {}
  readonly #listeners = new Set<() => void>()

  constructor(
    readonly server: string,
    readonly handlers: LaunchHandlers,
    first: LaunchState,
    readonly clock: Clock = systemClock,
  ) {
    this.#state = first
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot = () => this.#state

  /** Opens a new console in place of any other. @param early the ticket's exchange, if it is under way already */
  async launch(ticket: string, early?: EarlyLaunch): Promise<void> {
    const signal = this.#begin()
    this.#dropBearer()
    this.#show({ kind: 'exchanging' })
    const age = startAge(this.clock)
    try {
      const grant = await (early
        ? received(paths.embedExchange(), EmbedGrant, early.response)
        : exchange(ticket, signal))
      if (!signal.aborted) this.#open(grant, age)
    } catch (error) {
      if (signal.aborted) return
      const failure = failureOf(error)
      // A refused ticket stays refused. One that did not arrive may be sent again.
      this.#refuse(failure, mayArrive(failure) ? ticket : null)
    }
  }

  /** Continues with a new bearer. The line and the screen stay. */
  async renew(ticket: string): Promise<void> {
    const before = this.#state
    if (before.kind !== 'open') return this.launch(ticket)
    const signal = this.#begin()
    const age = startAge(this.clock)
    try {
      const grant = await exchange(ticket, signal).catch((error: unknown) => {
        if (failureOf(error).cause !== 'sign-in-needed') throw error
        // The old bearer has expired. The ticket is still good: exchange it without the bearer.
        this.#dropBearer()
        return exchange(ticket, signal)
      })
      if (signal.aborted) return
      // The server compares the users only while the old bearer is valid. If it was not, this check is the only one.
      const same = grant.user.name === before.user.name && grant.user.role === before.user.role
      if (grant.server !== this.server || !same) return this.#open(grant, age)
      this.#takeBearer(grant, age)
      this.handlers.onRenewed()
    } catch (error) {
      if (!signal.aborted) this.handlers.onRefused(failureOf(error))
    }
  }

  /** The host page did not answer. */
  giveUp(state: Extract<LaunchState, { kind: 'misplaced' | 'alone' }>): void {
    if (this.#state.kind === 'waiting') this.#show(state)
  }

  #begin(): AbortSignal {
    this.#exchanging?.abort()
    this.#exchanging = new AbortController()
    return this.#exchanging.signal
  }

  #open(grant: EmbedGrant, age: () => number): void {
    if (grant.server !== this.server) {
      this.#dropBearer()
      this.#refuse({ cause: 'launch-refused', detail: `The ticket is for the server ${grant.server}.` }, null)
      return
    }
    this.#openings += 1
    this.#takeBearer(grant, age)
    this.handlers.onGranted(grant)
    this.#show({ kind: 'open', user: grant.user, opening: this.#openings })
  }

  #refuse(failure: Failure, ticket: string | null): void {
    this.#show({ kind: 'refused', failure, ticket })
    this.handlers.onRefused(failure)
  }

  /** @param age since the bearer was asked for: when the server gave it, we cannot know */
  #takeBearer({ bearer, expiresInMs }: EmbedGrant, age: () => number): void {
    this.#endLease()
    access.set({ by: 'bearer', bearer })
    const { onExpiring } = this.handlers
    const onExpired = () => {
      this.#dropBearer()
      this.handlers.onExpired()
    }
    this.#endLease = watchLease({ ms: expiresInMs, age }, { onExpiring, onExpired }, this.clock)
  }

  #dropBearer(): void {
    this.#endLease()
    access.set({ by: 'bearer', bearer: null })
  }

  #show(state: LaunchState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** The ticket was not looked at, so it is still good. */
const unseen: ReadonlySet<Cause> = new Set<Cause>([
  'network-lost',
  'proxy-unreachable',
  'proxy-restarting',
  'too-many-requests',
  'overloaded',
])
const mayArrive = ({ cause }: Failure) => unseen.has(cause)

function exchange(ticket: string, signal: AbortSignal): Promise<EmbedGrant> {
  const body: ExchangeRequest = { ticket }
  return call(paths.embedExchange(), EmbedGrant, 'POST', signal, body)
}

/** Where this window is. */
export interface Surroundings {
  framed: boolean
  /** The host page's origin. Null where the browser does not tell it. */
  parentOrigin: string | null
}

/** The state that a page without a ticket begins with. */
export function firstState({ origins }: EmbedSettings, { framed, parentOrigin }: Surroundings): LaunchState {
  if (origins.length === 0)
    return {
      kind: 'refused',
      failure: { cause: 'embed-off', detail: 'BMS_CONSOLE_EMBED_ORIGINS is not set.' },
      ticket: null,
    }
  if (!framed) return { kind: 'alone' }
  if (parentOrigin !== null && !origins.includes(parentOrigin))
    return { kind: 'misplaced', origin: parentOrigin }
  return { kind: 'waiting' }
}
