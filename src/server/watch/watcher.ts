import type { FastifyBaseLogger } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { type Server, serverCan } from '../../shared/server.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { SharedCloud } from '../clouds/snapshot.ts'
import type { Holder } from '../consoles/holder.ts'
import { LineElsewhere } from '../consoles/line-ownership.ts'
import type { Sessions } from '../consoles/sessions.ts'
import { loggedFailure } from '../logged-failure.ts'
import type { Identity } from '../sign-in/identity.ts'
import type { Choice, Choices } from './choices.ts'
import { type WatchedServer, WatchPlan } from './plan.ts'
import { selects } from './selection.ts'
import type { WatchSettings } from './settings.ts'

/** How often the cloud is asked which servers there are. */
const LIST_MS = 60_000
/** How soon lines that the cloud had no room for try again. */
const BUSY_MS = 100

interface WatcherOptions {
  settings: WatchSettings
  /** With the service's own credentials: nobody is there to ask. */
  cloud: SharedCloud
  sessions: Pick<Sessions, 'hold' | 'release' | 'pace'>
  choices: Choices
  /** The cloud told its servers. */
  onListed: (servers: readonly Server[]) => void
  log: FastifyBaseLogger
  clock: Clock
  random?: () => number
}

/** Holds lines open with nobody there, so that their last words are kept for who comes later. */
export class Watcher {
  readonly #options: WatcherOptions
  readonly #identity: Identity
  readonly #plan: WatchPlan
  /** Lines of sessions that wait for their turn, by server */
  readonly #waiting = new Map<string, (asked: () => void) => void>()
  /** What failed last, by server: the log has each cause once. */
  readonly #failed = new Map<string, Failure['cause']>()
  #version = 0
  #running = false
  #cancelList: () => void = () => {}
  /** When the next turn is */
  #turnAt = Number.POSITIVE_INFINITY
  #cancelTurn: () => void = () => {}

  constructor(options: WatcherOptions) {
    this.#options = options
    const { cloud, settings, random = Math.random } = options
    this.#identity = {
      user: { id: 'watch', name: 'BMS Console', role: 'viewer' },
      cloud,
      cloudDecides: false,
      tenancy: null,
      signIn: null,
    }
    this.#plan = new WatchPlan({ linksPerHour: settings.linksPerHour, random })
  }

  start(): void {
    this.#running = true
    void this.#list()
  }

  stop(): void {
    this.#running = false
    this.#cancelList()
    this.#cancelTurn()
  }

  watches(serverId: string): boolean {
    return this.#plan.has(serverId)
  }

  /** Counts the changes of what is watched. */
  get version(): number {
    return this.#version
  }

  /**
   * A person chooses whether the line is watched, whatever the configuration says.
   * @returns the server, as this service sees it
   * @throws CloudError
   */
  async choose(serverId: string, choice: Choice): Promise<Server> {
    const server = await this.#options.cloud.getServer(serverId)
    const availability = serverCan.openConsole(server)
    if (choice.watched && !availability.offered) throw new CloudError({ cause: availability.cause })
    await this.#options.choices.set(serverId, choice)
    if (choice.watched) this.#add(server)
    else this.#remove(serverId)
    return server
  }

  /** A line that another replica gives up is this one's soon. It has a link already. */
  adopted({ id, name, project }: WatchedServer): void {
    if (!this.#running || !this.#plan.has(id)) return
    this.#plan.ask(id, this.#options.clock.now())
    void this.#hold({ id, name, project })
  }

  async #list(): Promise<void> {
    const { cloud, clock, log } = this.#options
    try {
      const { servers, missing } = await cloud.listServers()
      this.#options.onListed(servers)
      await this.#options.choices.refresh()
      if (this.#running) this.#follow(servers, missing.length === 0)
    } catch (error) {
      const failure = failureOf(error)
      log.warn(loggedFailure(failure), 'watch: the servers cannot be listed')
    }
    if (this.#running) this.#cancelList = clock.after(LIST_MS, () => void this.#list())
  }

  /** @param whole whether a server that is not in the list is gone */
  #follow(servers: readonly Server[], whole: boolean): void {
    const { settings, choices } = this.#options
    const seen = new Set<string>()
    for (const server of servers) {
      seen.add(server.id)
      const wanted = choices.of(server.id) ?? selects(settings.selection, server)
      if (wanted && server.status !== 'deleted' && serverCan.openConsole(server).offered) this.#add(server)
      else this.#remove(server.id)
    }
    if (whole) for (const id of this.#plan.ids) if (!seen.has(id)) this.#remove(id)
  }

  #add({ id, name, project }: WatchedServer): void {
    if (this.#plan.has(id)) return
    const now = this.#options.clock.now()
    this.#plan.add({ id, name, project }, now)
    this.#version += 1
    this.#turnBy(now)
  }

  #remove(id: string): void {
    if (!this.#plan.has(id)) return
    this.#plan.remove(id)
    this.#waiting.delete(id)
    this.#failed.delete(id)
    this.#version += 1
    this.#options.sessions.release(id)
  }

  /** @param at a line needs its turn then */
  #turnBy(at: number): void {
    if (!this.#running || at >= this.#turnAt) return
    this.#cancelTurn()
    this.#turnAt = at
    const { clock } = this.#options
    this.#cancelTurn = clock.after(Math.max(0, at - clock.now()), () => this.#turn())
  }

  /** Lets all ask whose turn it is, and comes back for the next. */
  #turn(): void {
    this.#turnAt = Number.POSITIVE_INFINITY
    const { clock, sessions } = this.#options
    const now = clock.now()
    let busy = false
    for (const server of this.#plan.due(now)) {
      if (!this.#plan.mayAsk(now)) break
      const asked = sessions.pace.beginPatient(server.project?.id ?? '')
      if (!asked) busy = true
      else this.#ask(server, asked)
    }
    const next = busy ? now + BUSY_MS : this.#plan.nextAt(now)
    if (next !== null) this.#turnBy(next)
  }

  #ask(server: WatchedServer, asked: () => void): void {
    this.#plan.ask(server.id, this.#options.clock.now())
    const begin = this.#waiting.get(server.id)
    this.#waiting.delete(server.id)
    if (begin) begin(asked)
    else void this.#hold(server).finally(asked)
  }

  async #hold(server: WatchedServer): Promise<void> {
    const { id } = server
    try {
      await this.#options.sessions.hold(server, this.#holder(id))
      if (!this.#plan.has(id) || !this.#running) this.#options.sessions.release(id)
      else this.#plan.held(id)
    } catch (error) {
      if (error instanceof LineElsewhere) return this.#elsewhere(id)
      this.#lost(id, failureOf(error))
      if (!(error instanceof CloudError)) this.#options.log.error({ err: error }, 'watch failed')
    }
  }

  /** Another replica has the line: it counts as held there. */
  #elsewhere(id: string): void {
    const now = this.#options.clock.now()
    this.#failed.delete(id)
    this.#turnBy(now + this.#plan.elsewhere(id, now))
  }

  #holder(id: string): Holder {
    return {
      identity: this.#identity,
      opened: () => {
        const now = this.#options.clock.now()
        if (this.#plan.opened(id, now)) this.#turnBy(this.#plan.nextAt(now) ?? now)
        this.#failed.delete(id)
        this.#options.log.info({ server: id }, 'watch opened')
      },
      lost: (failure, begin) => {
        this.#waiting.set(id, begin)
        const wait = this.#lost(id, failure)
        const cancel = () => {
          if (this.#waiting.get(id) !== begin) return
          this.#waiting.delete(id)
          this.#plan.attended(id)
        }
        return { wait, cancel }
      },
      ended: (failure) => {
        this.#waiting.delete(id)
        if (failure.cause === 'line-moved') this.#elsewhere(id)
        else this.#lost(id, failure)
      },
    }
  }

  /** @returns how long the line waits at least, ms */
  #lost(id: string, failure: Failure): number {
    const { clock, log } = this.#options
    const now = clock.now()
    const wait = this.#plan.lost(id, failure, now)
    if (this.#running && this.#failed.get(id) !== failure.cause) {
      this.#failed.set(id, failure.cause)
      log.info({ server: id, ...loggedFailure(failure), retryInMs: Math.round(wait) }, 'watch failed')
    }
    this.#turnBy(now + wait)
    return wait
  }
}

const failureOf = (error: unknown): Failure =>
  error instanceof CloudError ? error.failure : { cause: 'proxy-error' }
