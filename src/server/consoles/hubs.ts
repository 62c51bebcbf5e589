import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { Audit } from '../audit/audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { Recorder } from '../recordings/recorder.ts'
import type { Identity } from '../sign-in/identity.ts'
import { type AttachedViewer, Hub } from './hub.ts'
import type { ConsoleLink } from './issue.ts'
import { Line } from './line.ts'
import { Tickets } from './tickets.ts'
import type { ViewerPort } from './viewer-cursor.ts'

interface HubsOptions {
  config: Config['console']
  log: FastifyBaseLogger
  /** Asks the cloud for a console and checks where it leads. @throws CloudError */
  issueLink: (cloud: Cloud, serverId: string) => Promise<ConsoleLink>
  /** null: sessions are not recorded. */
  recorder: Recorder | null
  audit: Audit
  now: () => number
}

/** The console sessions under way: one for each server whose line we hold. */
export class Hubs {
  readonly #options: HubsOptions
  readonly #byServer = new Map<string, Hub>()
  readonly #bySession = new Map<string, { hub: Hub; user: string }>()
  /** Two who ask at once for the same server share one line. */
  readonly #opening = new Map<string, Promise<Hub>>()
  readonly #tickets: Tickets

  constructor(options: HubsOptions) {
    this.#options = options
    this.#tickets = new Tickets(options.now)
  }

  /**
   * A ticket to the server's session, which is opened where there is none.
   * @throws CloudError
   */
  async ticket(
    serverId: string,
    identity: Identity,
  ): Promise<{ session: string; ticket: string; expiresAt: number }> {
    const hub = this.#byServer.get(serverId) ?? (await this.#open(serverId, identity))
    return { session: hub.session, ...this.#tickets.issue(hub.session) }
  }

  /** A viewer comes with its ticket. @returns the failure that it is told where it may not join */
  join(
    session: string,
    port: ViewerPort,
    resume: { ticket: string; client: string; offset: number | null },
  ): AttachedViewer | Failure {
    const hub = this.#tickets.redeem(session, resume.ticket) ? this.#bySession.get(session)?.hub : undefined
    if (!hub) {
      return {
        cause: 'ticket-refused',
        detail: 'The ticket was used before, is older than 30 seconds, or its session has ended.',
      }
    }
    if (!hub.hasRoomFor(resume.client)) {
      return limited('viewer-limit', 'BMS_CONSOLE_MAX_VIEWERS', this.#options.config.maxViewers)
    }
    return hub.attach(port, resume)
  }

  endAll(failure: Failure): void {
    for (const hub of [...this.#byServer.values()]) hub.end(failure)
  }

  #open(serverId: string, identity: Identity): Promise<Hub> {
    const opening =
      this.#opening.get(serverId) ??
      this.#create(serverId, identity).finally(() => this.#opening.delete(serverId))
    this.#opening.set(serverId, opening)
    return opening
  }

  async #create(serverId: string, identity: Identity): Promise<Hub> {
    const { config, log, issueLink, recorder, now } = this.#options
    const { user, cloud } = identity
    if (this.#bySession.size + this.#opening.size >= config.maxSessions) {
      throw new CloudError(limited('session-limit', 'BMS_CONSOLE_MAX_SESSIONS', config.maxSessions))
    }
    const own = [...this.#bySession.values()].filter((held) => held.user === user.id).length
    if (own >= config.maxSessionsPerUser) {
      throw new CloudError(
        limited('user-limit', 'BMS_CONSOLE_MAX_SESSIONS_PER_USER', config.maxSessionsPerUser),
      )
    }
    const { url, serverName } = await issueLink(cloud, serverId)
    const session = randomBytes(16).toString('base64url')
    const hub = new Hub({
      session,
      serverId,
      log,
      ringBytes: config.ringBytes,
      graceMs: config.graceMs,
      maxViewers: config.maxViewers,
      idleMs: config.idleMs,
      totalMs: config.totalMs,
      openLine: (handlers) => new Line({ url, reissue: () => this.#reissue(cloud, serverId), handlers }),
      recording: recorder && {
        mode: recorder.settings.mode,
        start: () => recorder.start({ serverId, serverName, sessionId: session, startedBy: user.name }),
      },
      onReleased: () => {
        this.#byServer.delete(serverId)
        this.#bySession.delete(session)
      },
      now,
    })
    this.#byServer.set(serverId, hub)
    this.#bySession.set(session, { hub, user: user.id })
    return hub
  }

  async #reissue(cloud: Cloud, serverId: string): Promise<string> {
    try {
      return (await this.#options.issueLink(cloud, serverId)).url
    } catch (error) {
      if (!(error instanceof CloudError))
        this.#options.log.error({ err: error }, 'asking for a console failed')
      throw error
    }
  }
}

function limited(
  cause: 'session-limit' | 'user-limit' | 'viewer-limit',
  setting: string,
  limit: number,
): Failure {
  return { cause, detail: `The limit is ${limit} (${setting}).` }
}
