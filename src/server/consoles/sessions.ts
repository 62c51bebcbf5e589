import type { Failure } from '../../shared/cause.ts'
import type { LogMark } from '../../shared/line-log.ts'
import { MARKS, TIMES, type ViewerMessage } from '../../shared/relay-protocol.ts'
import type { Server } from '../../shared/server.ts'
import { bootOf } from '../../shared/session-id.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { LineLook } from '../metrics/metrics.ts'
import type { Identity } from '../sign-in/identity.ts'
import { mayIn } from '../sign-in/rights.ts'
import { isLocalUser } from '../sign-in/service/service.ts'
import { limited } from './admission.ts'
import type { Holder } from './holder.ts'
import type { ConsoleLink } from './link.ts'
import type { Presence } from './members.ts'
import type { Pace } from './pace.ts'
import { type OpenSession, SessionOpener, type SessionsOptions } from './session-opener.ts'
import { Tickets } from './tickets.ts'
import { recordRefusal, type Visitor, viewerAudit } from './viewer-audit.ts'
import type { AttachedViewer, ViewerPort } from './viewer-port.ts'

/** A replica that gives up a line has so long to do it. */
const ADOPTED_MS = 10_000

/** A session whose first link is being asked for. */
interface Opening {
  opener: Identity
  held: boolean
  open: Promise<OpenSession>
}

/** A line that people are on */
export interface LineInUse extends Omit<Presence, 'writer'> {
  server: OpenSession['server']
  project: OpenSession['project']
  session: string
  /** Has the keyboard */
  writer: Identity['user'] | null
}

/** The open console sessions: at most one for each server. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #opener: SessionOpener
  readonly #byServer = new Map<string, OpenSession>()
  readonly #byId = new Map<string, OpenSession>()
  /** Two users who ask for the same server at once share one line. Limits count it already. */
  readonly #opening = new Map<string, Opening>()
  readonly #tickets: Tickets
  #leaving = false

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#opener = new SessionOpener(options)
    this.#tickets = new Tickets(options.clock)
  }

  /** By it, all lines ask for a new link. */
  get pace(): Pace {
    return this.#opener.pace
  }

  /** A session has the server's line, or is about to. */
  has(serverId: string): boolean {
    return this.#byServer.has(serverId) || this.#opening.has(serverId)
  }

  /**
   * Issues a ticket to the server's session, and opens the session first where there is none.
   * @param link was asked for in the name of this user just now; absent: it is asked for if one is needed
   * @throws CloudError
   */
  async ticket(
    serverId: string,
    identity: Identity,
    link?: ConsoleLink,
  ): Promise<{ session: string; ticket: string; expiresInMs: number }> {
    const open = await this.#findOrOpen(serverId, identity, link)
    // The service's account may not know of projects. The asker's sign-in does.
    open.project ??= identity.project ?? null
    const { id } = open.session
    await open.session.prepare()
    return { session: id, ...this.#tickets.issue(id, identity) }
  }

  /** Lets a viewer in by its ticket. @returns the failure to send to a viewer that may not join */
  join(
    id: string,
    port: ViewerPort,
    resume: Extract<ViewerMessage, { type: 'resume' }>,
    visitor: Visitor,
  ): AttachedViewer | Failure {
    const { audit } = this.#options
    const { identity } = visitor
    const { user } = identity
    // A tab's secret outlives a sign-in. The user's id keeps the next user of the tab from getting the keyboard.
    const client = `${resume.client}@${user.id}`
    const open = this.#byId.get(id)
    const project = open?.project ?? null
    const place = { server: open?.server ?? null, project, session: open ? id : null }
    const refused = (failure: Failure) => {
      recordRefusal(audit, visitor, place, failure)
      return failure
    }
    const boot = bootOf(id)
    if (boot !== null && boot !== this.#opener.boot) {
      return refused({ cause: 'proxy-restarted', detail: 'The session was opened before the restart.' })
    }
    if (!this.#tickets.redeem(id, resume.ticket, identity) || !open) {
      return refused({
        cause: 'ticket-refused',
        detail:
          'The ticket was already used, is older than 30 seconds, belongs to another user, or its session has ended.',
      })
    }
    const { session, viewers } = open
    if (!mayIn(identity, project, 'open')) {
      return refused({ cause: 'role-forbids', detail: 'There is no role in the project of this server.' })
    }
    const mayWrite = mayIn(identity, project, 'write')
    // Several people may share the local user. They look the same to us, so each tab is a person for the others, and
    // they share their address's places.
    const [person, party] = isLocalUser(user) ? [client, visitor.from] : [user.id, user.id]
    const refusal = session.refusalOf({ client, party, mayWrite })
    if (refusal) return refused(refusal)
    viewers.set(client, identity)
    const viewer = session.attach(port, {
      client,
      person,
      party,
      name: user.name,
      mayWrite,
      mayRecord: mayIn(identity, project, 'record'),
      mayEnd: mayIn(identity, project, 'end-others'),
      offset: resume.offset,
      earlier: resume.earlier ?? [],
      knowsTimes: resume.knows?.includes(TIMES) ?? false,
      knowsMarks: resume.knows?.includes(MARKS) ?? false,
      input: resume.input,
      before: resume.before,
      size: resume.size,
      onEvent: viewerAudit(audit, visitor, place),
    })
    return {
      ...viewer,
      left(cause) {
        viewer.left(cause)
        if (!session.clients.includes(client)) viewers.delete(client)
      },
    }
  }

  /**
   * A sign-in has ended: its tickets are void, and the cloud is no longer asked in its name. A session that it opened
   * and that nobody watches ends.
   */
  signInEnded(signIn: string): void {
    this.#tickets.forget(signIn)
    for (const open of [...this.#byId.values()]) {
      if (open.opener.signIn !== signIn) continue
      open.openerLeft = true
      if (open.session.clients.length === 0 && !open.holder) open.session.end({ cause: 'sign-in-needed' })
    }
  }

  /**
   * Holds a server's session open with nobody there, and opens it first where there is none. It takes no place that a
   * person could need.
   * @throws CloudError
   */
  async hold({ id, name, project }: Pick<Server, 'id' | 'name' | 'project'>, holder: Holder): Promise<void> {
    const { identity } = holder
    const link = async () => {
      const url = await this.#options.reissueLink(identity.cloud, id)
      return { url, serverName: name, project }
    }
    let open = this.#byServer.get(id)
    while (!open) {
      const other = this.#opening.get(id)
      open = other ? await other.open.catch(() => undefined) : await this.#begin(id, identity, link, true)
    }
    open.holder = holder
    open.session.hold(holder)
  }

  /** The session ends as any other again. */
  release(serverId: string): void {
    const open = this.#byServer.get(serverId)
    if (!open?.holder) return
    open.holder = null
    open.session.release()
  }

  /** The lines that people are on */
  inUse(): LineInUse[] {
    return [...this.#byServer.values()].flatMap(({ session, server, project, viewers }) => {
      const { presence } = session
      if (!presence) return []
      const writer = (presence.writer !== null && viewers.get(presence.writer)?.user) || null
      return [{ server, project, session: session.id, ...presence, writer }]
    })
  }

  /** Every open line, for the metrics */
  lines(): LineLook[] {
    return [...this.#byServer.values()].map(({ session, health, holder }) => ({
      state: health.state,
      silentMs: health.silentMs,
      viewers: session.viewers,
      watched: holder !== null,
    }))
  }

  /** Keeps a mark in the log of the server's line, where a session has it open. */
  mark(serverId: string, mark: LogMark): void {
    this.#byServer.get(serverId)?.session.mark(mark)
  }

  /** The session that a server's line has open. */
  openAt(serverId: string) {
    const open = this.#byServer.get(serverId)
    if (!open) return null
    const { session, server, holder } = open
    return { session: session.id, name: server.name, watched: holder !== null, ...session.attendance }
  }

  /** This process ends: no line is opened any more. @returns those that are open */
  leave(): OpenSession[] {
    this.#leaving = true
    return [...this.#byServer.values()]
  }

  /**
   * Another replica gives up a server's line. It is asked for a link, and taken as soon as it is free.
   * @returns once it has a link
   * @throws CloudError
   */
  async adopt(
    { id, name, project }: Pick<Server, 'id' | 'name' | 'project'>,
    opener: Identity,
  ): Promise<void> {
    const url = await this.#options.reissueLink(opener.cloud, id)
    if (this.has(id)) return
    const link = async () => ({ url, serverName: name, project })
    const opening = this.#begin(id, opener, link, true, { waitMs: ADOPTED_MS })
    // Where that fails, whoever comes next opens it.
    opening.then(({ session }) => session.openAhead()).catch(() => {})
  }

  /** @returns once others may have the lines */
  async endAll(failure: Failure): Promise<void> {
    const all = [...this.#byId.values()]
    for (const { session } of all) session.end(failure)
    await Promise.all(all.map(({ released }) => released))
  }

  /** @throws CloudError */
  async #findOrOpen(serverId: string, identity: Identity, link?: ConsoleLink): Promise<OpenSession> {
    let allowed = !identity.cloudDecides || link !== undefined
    while (true) {
      const found = this.#byServer.get(serverId) ?? this.#opening.get(serverId)?.open
      if (!found) return this.#open(serverId, identity, link)
      if (!allowed) {
        // Another user's open console says nothing about this user's rights, so the cloud is asked. The link that it
        // issues is not needed.
        await this.#options.issueLink(identity.cloud, serverId)
        allowed = true
      } else if (!identity.cloudDecides) {
        return found
      } else {
        // The cloud refused the user who came first. It has allowed this one, who then opens the session.
        const open = await Promise.resolve(found).catch(() => null)
        if (open) return open
      }
    }
  }

  #open(serverId: string, opener: Identity, link?: ConsoleLink): Promise<OpenSession> {
    this.#checkLimits(opener)
    const given = async () => link ?? this.#options.issueLink(opener.cloud, serverId)
    return this.#begin(serverId, opener, given, false)
  }

  #begin(
    serverId: string,
    opener: Identity,
    link: () => Promise<ConsoleLink>,
    held: boolean,
    ways: { waitMs?: number } = {},
  ): Promise<OpenSession> {
    if (this.#leaving) return Promise.reject(new CloudError({ cause: 'proxy-restarting' }))
    const open = this.#create(serverId, opener, link, { unattended: held, ...ways }).finally(() =>
      this.#opening.delete(serverId),
    )
    this.#opening.set(serverId, { opener, held, open })
    return open
  }

  /** @throws CloudError where there is no room for another session */
  #checkLimits({ user }: Identity): void {
    const { maxSessions, maxSessionsPerUser } = this.#options.config
    const opening = [...this.#opening].flatMap(([id, each]) =>
      each.held || this.#byServer.has(id) ? [] : [each],
    )
    const open = [...this.#byServer.values()].filter(({ holder }) => !holder)
    const openers = [...open, ...opening].map(({ opener }) => opener.user.id)
    if (openers.length >= maxSessions) {
      throw new CloudError(limited('session-limit', 'BMS_CONSOLE_MAX_SESSIONS', maxSessions))
    }
    if (openers.filter((id) => id === user.id).length >= maxSessionsPerUser) {
      throw new CloudError(limited('user-limit', 'BMS_CONSOLE_MAX_SESSIONS_PER_USER', maxSessionsPerUser))
    }
  }

  async #create(
    serverId: string,
    opener: Identity,
    link: () => Promise<ConsoleLink>,
    ways: { unattended: boolean; waitMs?: number },
  ): Promise<OpenSession> {
    const released = ({ session }: OpenSession) => {
      this.#byServer.delete(serverId)
      this.#byId.delete(session.id)
    }
    const open = await this.#opener.open(serverId, opener, link, released, ways)
    if (open.released) throw new CloudError({ cause: 'line-moved' })
    this.#byServer.set(serverId, open)
    this.#byId.set(open.session.id, open)
    return open
  }
}
