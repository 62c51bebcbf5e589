import type { Failure } from '../../shared/cause.ts'
import type { EmbedGrant } from '../../shared/embed.ts'
import { loadWords } from '../locales/words.ts'
import { settings } from '../settings/settings.ts'
import { type AttachedConsole, requestedSettings, runCommand } from './commands.ts'
import type { EarlyLaunch } from './early.ts'
import { failureWords } from './failure-words.ts'
import { type EmbedHost, type HostEvent, listenToParent } from './host.ts'
import { firstState, Launch, type Surroundings } from './launch.ts'
import { PortalWishes } from './portal-wishes.ts'
import { errorOf } from './session-events.ts'

/** How long the host page may take to greet us. After that, the person is told that it does not. */
const GREETING_MS = 10_000

export interface HostLinkOptions extends Surroundings {
  server: string
  origins: string[]
  early: EarlyLaunch | null
}

/** Connects the host page, the launch that leads to a console, and the console once it is on the page. */
export class HostLink {
  readonly framed: boolean
  readonly launch: Launch
  readonly host: EmbedHost
  readonly wishes = new PortalWishes()
  #console: AttachedConsole | null = null

  constructor({ server, origins, early, framed, parentOrigin }: HostLinkOptions) {
    this.framed = framed
    this.launch = new Launch(
      server,
      {
        onGranted: (grant) => this.#granted(grant),
        onRefused: (failure) => void this.#refused(failure),
        onExpiring: (left) => this.host.send(() => expiring(left())),
        onRenewed: () => this.#renewed(),
        onExpired: () => this.#console?.session.fail({ cause: 'sign-in-needed' }),
      },
      firstState({ origins }, { framed, parentOrigin }),
    )
    this.host = listenToParent({
      origins,
      onHello: () => clearTimeout(greeting),
      onCommand: (command) =>
        runCommand(command, this.launch, this.#console, this.wishes, (event) => this.host.send(event)),
    })
    const greeting = setTimeout(() => this.launch.giveUp({ kind: 'misplaced', origin: null }), GREETING_MS)
    if (early && origins.length > 0) void this.launch.launch(early.ticket, early)
  }

  /** From now on the host page's commands go to this console. @returns detaches it */
  attach(console: AttachedConsole): () => void {
    this.#console = console
    return () => {
      if (this.#console === console) this.#console = null
    }
  }

  #granted({ theme, language }: EmbedGrant): void {
    this.host.forget('ticket-expiring')
    this.host.forget('error')
    settings.borrow(requestedSettings({ theme, language }))
  }

  async #refused(failure: Failure): Promise<void> {
    const words = failureWords(await loadWords(settings.language()))
    this.host.send(errorOf(failure, false, words))
  }

  #renewed(): void {
    this.host.forget('ticket-expiring')
    const session = this.#console?.session
    const state = session?.getSnapshot().state
    // The new ticket came only after the old one had expired, which ended the session.
    if (state?.kind === 'ended' && state.failure?.cause === 'sign-in-needed') session?.connect()
  }
}

/** The date is by this browser's clock, which the host page shares: the server's may show another time. */
const expiring = (expiresInMs: number): HostEvent => ({
  type: 'ticket-expiring',
  expiresAt: new Date(Date.now() + expiresInMs).toISOString(),
  expiresInMs,
})
