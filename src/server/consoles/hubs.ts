import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Cause, Failure } from '../../shared/cause.ts'
import { roleMay } from '../../shared/user.ts'
import type { Audit } from '../audit/audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { Recorder } from '../recordings/recorder.ts'
import type { Identity } from '../sign-in/identity.ts'
import { isLocalUser } from '../sign-in/service.ts'
import { type AttachedViewer, Hub } from './hub.ts'
import type { ConsoleLink } from './issue.ts'
import { Line } from './line.ts'
import { Tickets } from './tickets.ts'
import { tellRefused, type Visitor, viewerAudit } from './viewer-audit.ts'
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

/** A session with the people in it, of whom the hub itself knows only what they may do. */
interface Held {
  hub: Hub
  server: { id: string; name: string }
  /** Who asked for it first; the cloud is no longer asked in their name once their sign-in has ended. */
  opener: Identity
  openerLeft: boolean
  /** By client */
  viewers: Map<string, Identity>
}

/** The cloud says no to this one; it may say yes to another. */
const personal: ReadonlySet<Cause> = new Set<Cause>(['no-permission', 'signed-out', 'sign-in-needed'])

/** The console sessions under way: one for each server whose line we hold. */
export class Hubs {
  readonly #options: HubsOptions
  readonly #byServer = new Map<string, Held>()
  readonly #bySession = new Map<string, Held>()
  /** Two who ask at once for the same server share one line. */
  readonly #opening = new Map<string, Promise<Held>>()
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
    const { session } = (await this.#held(serverId, identity)).hub
    return { session, ...this.#tickets.issue(session, identity) }
  }

  /** A viewer comes with its ticket. @returns the failure that it is told where it may not join */
  join(
    session: string,
    port: ViewerPort,
    resume: { ticket: string; client: string; offset: number | null },
    visitor: Visitor,
  ): AttachedViewer | Failure {
    const { audit, config } = this.#options
    const { identity } = visitor
    const { user } = identity
    // Of a tab that changed hands the next one has neither keyboard nor session: a tab's secret outlives a sign-in.
    const client = `${resume.client}@${user.id}`
    const held = this.#bySession.get(session)
    const place = { server: held?.server ?? null, session: held ? session : null }
    const refused = (failure: Failure) => {
      tellRefused(audit, visitor, place, failure)
      return failure
    }
    if (!this.#tickets.redeem(session, resume.ticket, identity) || !held) {
      return refused({
        cause: 'ticket-refused',
        detail: 'The ticket was used before, is older than 30 seconds, of another, or its session has ended.',
      })
    }
    if (!held.hub.hasRoomFor(client)) {
      return refused(limited('viewer-limit', 'BMS_CONSOLE_MAX_VIEWERS', config.maxViewers))
    }
    held.viewers.set(client, identity)
    const viewer = held.hub.attach(port, {
      client,
      // Nobody tells the people apart who share the local user: each tab counts as one.
      person: isLocalUser(user) ? client : user.id,
      name: user.name,
      mayWrite: roleMay(user.role, 'write'),
      mayRecord: roleMay(user.role, 'record'),
      mayEnd: roleMay(user.role, 'end-others'),
      offset: resume.offset,
      onEvent: viewerAudit(audit, visitor, place),
    })
    return {
      ...viewer,
      left(cause) {
        viewer.left(cause)
        if (!held.hub.clients.includes(client)) held.viewers.delete(client)
      },
    }
  }

  /**
   * The tickets of a sign-in are worth nothing once it has ended, and the cloud is not asked in its name. A line that it
   * opened and that nobody looks at is let go.
   */
  signInEnded(signIn: string): void {
    this.#tickets.forget(signIn)
    for (const held of [...this.#bySession.values()]) {
      if (held.opener.signIn !== signIn) continue
      held.openerLeft = true
      if (held.hub.clients.length === 0) held.hub.end({ cause: 'sign-in-needed' })
    }
  }

  endAll(failure: Failure): void {
    for (const { hub } of [...this.#bySession.values()]) hub.end(failure)
  }

  /** @throws CloudError */
  async #held(serverId: string, identity: Identity): Promise<Held> {
    let allowed = !identity.cloudDecides
    while (true) {
      const there = this.#byServer.get(serverId) ?? this.#opening.get(serverId)
      if (!there) return this.#open(serverId, identity)
      if (!allowed) {
        // That another has this console says nothing of this user: the cloud does. The link itself is not needed.
        await this.#options.issueLink(identity.cloud, serverId)
        allowed = true
      } else if (!identity.cloudDecides) {
        return there
      } else {
        const held = await Promise.resolve(there).catch(() => null)
        // Null: it was refused to who came first, and not to this user.
        if (held) return held
      }
    }
  }

  #open(serverId: string, identity: Identity): Promise<Held> {
    const opening = this.#create(serverId, identity).finally(() => this.#opening.delete(serverId))
    this.#opening.set(serverId, opening)
    return opening
  }

  async #create(serverId: string, identity: Identity): Promise<Held> {
    const { config, log, issueLink, recorder, now } = this.#options
    if (this.#bySession.size + this.#opening.size >= config.maxSessions) {
      throw new CloudError(limited('session-limit', 'BMS_CONSOLE_MAX_SESSIONS', config.maxSessions))
    }
    const own = [...this.#bySession.values()].filter(({ opener }) => opener.user.id === identity.user.id)
    if (own.length >= config.maxSessionsPerUser) {
      throw new CloudError(
        limited('user-limit', 'BMS_CONSOLE_MAX_SESSIONS_PER_USER', config.maxSessionsPerUser),
      )
    }
    const { url, serverName } = await issueLink(identity.cloud, serverId)
    const session = randomBytes(16).toString('base64url')
    const viewers: Held['viewers'] = new Map()
    const hub = new Hub({
      session,
      serverId,
      log,
      ringBytes: config.ringBytes,
      graceMs: config.graceMs,
      maxViewers: config.maxViewers,
      idleMs: config.idleMs,
      totalMs: config.totalMs,
      openLine: (handlers) => new Line({ url, reissue: () => this.#reissue(held), handlers }),
      recording: recorder && {
        mode: recorder.settings.mode,
        start: (by) => {
          const { user } = (by === null ? undefined : viewers.get(by)) ?? identity
          const startedBy = { startedBy: user.name, startedById: user.id }
          return recorder.start({ serverId, serverName, sessionId: session, ...startedBy })
        },
      },
      onReleased: () => {
        this.#byServer.delete(serverId)
        this.#bySession.delete(session)
      },
      now,
    })
    const server = { id: serverId, name: serverName }
    const held: Held = { hub, server, opener: identity, openerLeft: false, viewers }
    this.#byServer.set(serverId, held)
    this.#bySession.set(session, held)
    return held
  }

  /**
   * A new link for a line that was lost, in the name of somebody who is there: whoever types first, then the
   * others, then who opened it.
   */
  async #reissue(held: Held): Promise<string> {
    const { hub, opener, openerLeft, viewers, server } = held
    const present = hub.clients.flatMap((client) => viewers.get(client) ?? [])
    // Those who share one cloud get one answer.
    const clouds = new Set([...present, ...(openerLeft ? [] : [opener])].map(({ cloud }) => cloud))
    let refusal = new CloudError({
      cause: 'sign-in-needed',
      detail: 'The sign-in that this console was opened with has ended.',
    })
    for (const cloud of clouds) {
      try {
        return (await this.#options.issueLink(cloud, server.id)).url
      } catch (error) {
        if (!(error instanceof CloudError)) {
          this.#options.log.error({ err: error }, 'asking for a console failed')
          throw error
        }
        if (!personal.has(error.failure.cause)) throw error
        refusal = error
      }
    }
    throw refusal
  }
}

function limited(
  cause: 'session-limit' | 'user-limit' | 'viewer-limit',
  setting: string,
  limit: number,
): Failure {
  return { cause, detail: `The limit is ${limit} (${setting}).` }
}
