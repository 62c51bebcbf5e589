import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import type { ProjectRef } from '../../shared/server.ts'
import { sessionIdOf } from '../../shared/session-id.ts'
import { SmallMap } from '../../shared/small-map.ts'
import { type Rate, TokenBuckets } from '../../shared/token-bucket.ts'
import { type Audit, byItself } from '../audit/audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { LineLogs } from '../line-log/line-logs.ts'
import { LineHealth } from '../metrics/line-health.ts'
import { type Meter, noMeter } from '../metrics/meter.ts'
import type { Dialler } from '../outbound/dialler.ts'
import { inWords } from '../recordings/end-reason.ts'
import type { RecordedLog } from '../recordings/recording.ts'
import type { RecordingSettings } from '../recordings/settings.ts'
import type { RecordingSubject } from '../recordings/subject.ts'
import type { Identity } from '../sign-in/identity.ts'
import { StoreError } from '../store/store.ts'
import { askInTurn } from './ask-in-turn.ts'
import { askersOf } from './askers.ts'
import type { Holder } from './holder.ts'
import { Line } from './line.ts'
import { type LineOwnership, type OwnedLine, onlyProcess, storeUnreachable } from './line-ownership.ts'
import type { ConsoleLink } from './link.ts'
import { Pace } from './pace.ts'
import { Session } from './session.ts'
import type { RecordingEvent, RecordingPort } from './session-recording.ts'
import { Turns } from './turns.ts'

/** Each recording is two files. A person who changes their mind a few times does not notice this. */
const RECORDINGS: Rate = { burst: 10, perSecond: 0.1 }

/** The recorder, as sessions use it. */
interface SessionRecorder {
  settings: Pick<RecordingSettings, 'mode'>
  start(subject: RecordingSubject, log: RecordedLog, told: (event: RecordingEvent) => void): RecordingPort
}

export interface SessionsOptions {
  config: Config['console']
  log: FastifyBaseLogger
  /** Asks the cloud for a console and checks where it leads. @throws CloudError */
  issueLink: (cloud: Cloud, serverId: string) => Promise<ConsoleLink>
  /** Asks for another link to a server that has a console. @throws CloudError */
  reissueLink: (cloud: Cloud, serverId: string) => Promise<string>
  dialler: Dialler
  /** null: sessions are not recorded. */
  recorder: SessionRecorder | null
  lineLogs: Pick<LineLogs, 'open'>
  /** Absent: there is one process, which has all lines. */
  ownership?: LineOwnership
  audit: Audit
  clock: Clock
  /** Absent: nothing is counted. */
  meter?: Meter
}

/** A session and who its viewers are. The session itself knows only what each viewer may do. */
export interface OpenSession {
  session: Session
  health: LineHealth
  server: { id: string; name: string }
  /** The server's: a viewer has the role that they have there */
  project: ProjectRef | null
  /** The user who opened it. Once their sign-in has ended, the cloud is no longer asked in their name. */
  opener: Identity
  openerLeft: boolean
  /** Holds it open with nobody there; null: it needs a viewer */
  holder: Holder | null
  /** By client */
  viewers: SmallMap<string, Identity>
  /** Once another may have the line; null: the session has not ended */
  released: Promise<void> | null
}

/** Opens sessions: each with its line, its line's log and its recording. */
export class SessionOpener {
  readonly #options: SessionsOptions
  readonly #ownership: LineOwnership
  /** Shared by all lines that ask for a new link: it is one cloud, with anybody's credentials. */
  readonly pace: Pace
  readonly #turns = new Turns()
  /** By server, since a session can be ended and opened anew. */
  readonly #recordings: TokenBuckets

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#ownership = options.ownership ?? onlyProcess()
    this.pace = new Pace(options.clock)
    this.#recordings = new TokenBuckets(RECORDINGS, options.clock)
  }

  /** Names this process in the ids of its sessions. */
  get boot(): string {
    return this.#ownership.replica
  }

  /**
   * @param onReleased is called when it has ended
   * @param ways.unattended nobody waits for it
   * @param ways.waitMs how long to wait for the line where another replica is about to give it up
   * @throws LineElsewhere, CloudError
   */
  async open(
    serverId: string,
    identity: Identity,
    link: () => Promise<ConsoleLink>,
    onReleased: (open: OpenSession) => void,
    ways: { unattended?: boolean; waitMs?: number } = {},
  ): Promise<OpenSession> {
    const owned = await this.#ownership.take(serverId, ways.waitMs)
    try {
      return await this.#open(owned, serverId, identity, link, onReleased, ways.unattended ?? false)
    } catch (error) {
      await owned.release({ unused: true })
      throw error instanceof StoreError ? new CloudError(storeUnreachable(error)) : error
    }
  }

  async #open(
    owned: OwnedLine,
    serverId: string,
    identity: Identity,
    link: () => Promise<ConsoleLink>,
    onReleased: (open: OpenSession) => void,
    unattended: boolean,
  ): Promise<OpenSession> {
    const { config, log, dialler, recorder, lineLogs, audit, clock, meter = noMeter } = this.#options
    const { url, serverName, project } = await link()
    const id = sessionIdOf(this.boot, randomBytes(16).toString('base64url'))
    const server = { id: serverId, name: serverName }
    const ofSession = { ...byItself, server, project, session: id }
    const viewers: OpenSession['viewers'] = new SmallMap()
    const { lease, shared } = owned
    const lineLog = await lineLogs.open({ server, project }, id, { unattended, shared })
    const health = new LineHealth(meter, clock)
    const session = new Session({
      id,
      serverId,
      log,
      lineLog,
      health,
      graceMs: config.graceMs,
      maxViewers: config.maxViewers,
      maxViewersPerUser: config.maxViewersPerUser,
      idleMs: config.idleMs,
      totalMs: config.totalMs,
      openLine: (handlers) =>
        new Line({
          url,
          reissue: () => this.#reissue(open),
          pace: this.pace,
          dialler,
          turns: this.#turns,
          project: project?.id ?? '',
          lease,
          handlers,
          clock,
          gatewayClock: steadyClock,
        }),
      recording: recorder && {
        mode: recorder.settings.mode,
        start: (by, told) => {
          // Nobody opened a session that is held. Its first viewer is who made it record.
          const [first] = open.holder ? viewers.values() : [identity]
          const { user } = (by === null ? first : viewers.get(by)) ?? identity
          const startedBy = { startedBy: user.name, startedById: user.id }
          const subject = { serverId, serverName, project, sessionId: id, ...startedBy }
          const recording = recorder.start(subject, lineLog, told)
          // The session records what a viewer asks for.
          if (by === null)
            audit.record('start-recording', { ...ofSession, outcome: 'done', detail: recording.id })
          return recording
        },
        mayStart: () => this.#recordings.of(serverId).take(),
        onByItself: (event) =>
          event.kind === 'began'
            ? audit.record('start-recording', { ...ofSession, outcome: 'done', detail: event.id })
            : audit.record('stop-recording', {
                ...ofSession,
                outcome: event.end.state === 'write-failed' ? 'failed' : 'done',
                detail: `${event.id}: ${inWords(event.end.why)}`,
              }),
      },
      onReleased: (done) => {
        onReleased(open)
        const release = () => owned.release()
        open.released = done.then(release, release)
      },
      clock,
    })
    const open: OpenSession = {
      session,
      health,
      server,
      project,
      opener: identity,
      openerLeft: false,
      holder: null,
      viewers,
      released: null,
    }
    owned.onLost((failure) => session.end(failure))
    if (!lease.good) throw new CloudError({ cause: 'line-moved' })
    return open
  }

  /** A new link for a lost line */
  async #reissue(open: OpenSession): Promise<string> {
    try {
      return await askInTurn(askersOf(open), (cloud) => this.#options.reissueLink(cloud, open.server.id))
    } catch (error) {
      if (!(error instanceof CloudError))
        this.#options.log.error({ err: error }, 'asking for a console failed')
      throw error
    }
  }
}
