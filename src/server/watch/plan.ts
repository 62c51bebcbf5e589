import type { Failure } from '../../shared/cause.ts'
import type { ProjectRef } from '../../shared/server.ts'
import { LinkBudget } from './budget.ts'
import { Outages } from './outages.ts'

/**
 * A connection that lasted as long was not taken by somebody else: a person who is thrown off a console comes back
 * within seconds.
 */
const GOOD_MS = 60_000
/** How long a line is left alone whose session a person ended: they may need the port. */
const GIVEN_UP_MS = 300_000

/**
 * How soon a line is looked at again that another replica has: from half of it to the whole. That replica watches it, too,
 * so this only matters once it dies.
 */
const ELSEWHERE_MS = 10_000

/** The lines that an outage kept away come back within this time. */
const RETURN_MS = 10_000

/**
 * The wait before the next link, from half of it to the whole: 10 s after a connection that was good, since clouds cut
 * idle lines. After one that was not: 1, 2, 4 … 16 minutes.
 */
const longestWait = (failures: number) => (failures === 0 ? 10_000 : 60_000 * 2 ** Math.min(failures - 1, 4))

export interface WatchedServer {
  id: string
  name: string
  project: ProjectRef | null
}

type LineState =
  /** It needs a link, from this time on. */
  | { kind: 'due'; at: number }
  | { kind: 'asking' }
  /** A session has it. null: it is not open at the moment */
  | { kind: 'held'; since: number | null }

export interface PlannedLine {
  server: WatchedServer
  state: LineState
  /** How often in a row it came to nothing, or to little */
  failures: number
  /** When it last got a link, to be taken in turn. null: never */
  linkedAt: number | null
  /** What it failed of last was no fault of its own. */
  innocent: boolean
}

interface PlanOptions {
  linksPerHour: number
  /** 0 to 1 */
  random: () => number
}

/**
 * Knows which watched line may ask for a link, and when. It asks nobody and has no timer. The line without a link
 * for the longest time is first, so that a small budget leaves out no line.
 */
export class WatchPlan {
  readonly #random: () => number
  readonly #budget: LinkBudget
  readonly #outages = new Outages()
  readonly #lines = new Map<string, PlannedLine>()

  constructor({ linksPerHour, random }: PlanOptions) {
    this.#random = random
    this.#budget = new LinkBudget(linksPerHour)
  }

  has(id: string): boolean {
    return this.#lines.has(id)
  }

  get ids(): string[] {
    return [...this.#lines.keys()]
  }

  add(server: WatchedServer, now: number): void {
    if (this.has(server.id)) return
    const state = { kind: 'due', at: now } as const
    this.#lines.set(server.id, { server, state, failures: 0, linkedAt: null, innocent: false })
  }

  remove(id: string): void {
    this.#lines.delete(id)
  }

  /** The lines that need a link now, in their turn. None where the budget is used up. */
  due(now: number): WatchedServer[] {
    if (!this.mayAsk(now)) return []
    const probed = new Set<string>()
    return [...this.#lines.values()]
      .filter((line) => this.#readyAt(line) <= now)
      .sort((one, other) => (one.linkedAt ?? -1) - (other.linkedAt ?? -1))
      .map(({ server }) => server)
      .filter((server) => {
        const project = projectOf(server)
        if (!this.#outages.isUnder(project)) return true
        if (probed.has(project)) return false
        probed.add(project)
        return true
      })
  }

  mayAsk(now: number): boolean {
    return this.#budget.freeAt(now) <= now
  }

  /** @returns when a line may ask next; null: none needs to */
  nextAt(now: number): number | null {
    let first = Number.POSITIVE_INFINITY
    for (const line of this.#lines.values()) first = Math.min(first, this.#readyAt(line))
    return first === Number.POSITIVE_INFINITY ? null : Math.max(first, this.#budget.freeAt(now))
  }

  /** The line asks for a link. */
  ask(id: string, now: number): void {
    const line = this.#lines.get(id)
    if (!line) return
    this.#budget.take(now)
    this.#outages.asked(projectOf(line.server), now)
    line.linkedAt = now
    line.state = { kind: 'asking' }
  }

  /** A session has the line, open or not yet. */
  held(id: string): void {
    const line = this.#lines.get(id)
    if (line?.state.kind === 'asking') line.state = { kind: 'held', since: null }
  }

  /** People came to a line that waited for its turn: its session brings it back. */
  attended(id: string): void {
    const line = this.#lines.get(id)
    if (line?.state.kind === 'due') line.state = { kind: 'held', since: null }
  }

  /** The line has a connection. @returns whether others may ask sooner now: an outage is over */
  opened(id: string, now: number): boolean {
    const line = this.#lines.get(id)
    if (!line) return false
    line.state = { kind: 'held', since: now }
    const project = projectOf(line.server)
    if (!this.#outages.opened(project)) return false
    for (const other of this.#lines.values()) {
      if (other.state.kind !== 'due' || !other.innocent || projectOf(other.server) !== project) continue
      const soon = now + RETURN_MS * this.#random()
      other.failures = 0
      other.state = { kind: 'due', at: Math.min(other.state.at, soon) }
    }
    return true
  }

  /**
   * Another replica has the line, and nothing is wrong with it. No link was asked for.
   * @returns how long until it is looked at again, ms
   */
  elsewhere(id: string, now: number): number {
    const line = this.#lines.get(id)
    const wait = ELSEWHERE_MS * (1 - this.#random() / 2)
    if (!line) return wait
    if (line.state.kind === 'asking') this.#budget.giveBack()
    line.failures = 0
    line.state = { kind: 'due', at: now + wait }
    return wait
  }

  /**
   * The line was lost, or the try to get it failed.
   * @returns how long it waits at least, ms
   */
  lost(id: string, failure: Failure, now: number): number {
    const line = this.#lines.get(id)
    if (!line) return longestWait(0)
    const { state } = line
    const good = state.kind === 'held' && state.since !== null && now - state.since >= GOOD_MS
    const connected = state.kind === 'held' && state.since !== null
    line.innocent = !connected && this.#outages.failed(projectOf(line.server), failure.cause, now)
    line.failures = good ? 0 : line.failures + 1
    const longest = longestWait(line.failures)
    const wait = Math.max(
      longest - (longest / 2) * this.#random(),
      (failure.retryAfter ?? 0) * 1000,
      failure.cause === 'operator-ended' ? GIVEN_UP_MS : 0,
    )
    line.state = { kind: 'due', at: now + wait }
    return wait
  }

  /** When the line may ask, but for the budget. A line that needs nothing never does. */
  #readyAt({ state, server }: PlannedLine): number {
    if (state.kind !== 'due') return Number.POSITIVE_INFINITY
    return Math.max(state.at, this.#outages.from(projectOf(server)))
  }
}

const projectOf = ({ project }: WatchedServer) => project?.id ?? ''
