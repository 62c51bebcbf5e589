import type { Failure } from '../../shared/cause.ts'
import type { EmbedGrant } from '../../shared/embed.ts'
import { loadWords } from '../locales/words.ts'
import { settings } from '../settings/settings.ts'
import type { EarlyLaunch } from './early.ts'
import { failureWords } from './failure-words.ts'
import { type EmbedHost, listenToParent } from './host.ts'
import { firstState, Launch, type Surroundings } from './launch.ts'
import { follow, type Standing, wishes } from './orders.ts'
import { errorOf } from './session-events.ts'

/** As long the page around may take to greet, before a person is told that it does not. */
const GREETING_MS = 10_000

export interface DeskOptions extends Surroundings {
  server: string
  origins: string[]
  early: EarlyLaunch | null
}

/** Between the page around, the way to a console, and the console that is on the page. */
export class Desk {
  readonly framed: boolean
  readonly launch: Launch
  readonly host: EmbedHost
  #standing: Standing | null = null

  constructor({ server, origins, early, framed, around }: DeskOptions) {
    this.framed = framed
    this.launch = new Launch(
      server,
      {
        onGranted: (grant) => this.#granted(grant),
        onRefused: (failure) => void this.#refused(failure),
        onExpiring: (endsAt) =>
          this.host.tell({ type: 'ticket-expiring', expiresAt: new Date(endsAt).toISOString() }),
        onRenewed: () => this.#renewed(),
        onOver: () => this.#standing?.session.fail({ cause: 'sign-in-needed' }),
      },
      firstState({ origins }, { framed, around }),
    )
    this.host = listenToParent({
      origins,
      onHello: () => clearTimeout(greeting),
      onOrder: (order) => follow(order, this.launch, this.#standing, (event) => this.host.tell(event)),
    })
    const greeting = setTimeout(() => this.launch.giveUp({ kind: 'misplaced', origin: null }), GREETING_MS)
    if (early && origins.length > 0) void this.launch.launch(early.ticket, early)
  }

  /** @returns takes it away again */
  stand(standing: Standing): () => void {
    this.#standing = standing
    return () => {
      if (this.#standing === standing) this.#standing = null
    }
  }

  #granted({ theme, language }: EmbedGrant): void {
    this.host.settle('ticket-expiring')
    this.host.settle('error')
    settings.borrow(wishes({ theme, language }))
  }

  async #refused(failure: Failure): Promise<void> {
    const words = failureWords(await loadWords(settings.language()))
    this.host.tell(errorOf(failure, false, words))
  }

  #renewed(): void {
    this.host.settle('ticket-expiring')
    const session = this.#standing?.session
    const state = session?.getSnapshot().state
    // It came after the end of the one before.
    if (state?.kind === 'ended' && state.failure?.cause === 'sign-in-needed') session?.connect()
  }
}
