import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import type { PowerAccepted, PowerProgress } from '../../shared/power.ts'
import type { PowerAction, Server } from '../../shared/server.ts'
import {
  acceptedRun,
  beginRun,
  countOf,
  dueAt,
  dueNow,
  failedOf,
  isOver,
  type Run,
  type RunEvent,
  reduceRun,
  type Seen,
} from './many.ts'

/** What the desk asks of the page's server. */
export interface PowerWays {
  power(id: string, action: PowerAction): Promise<PowerAccepted>
  job(id: string, job: string): Promise<PowerProgress>
  /** Also shows the page what it was told. */
  server(id: string): Promise<Server>
  /** A run has ended: the list shows other states. */
  changed(): void
  failureOf(error: unknown): Failure
}

/** What a person is asked. */
export interface Question {
  action: PowerAction
  servers: readonly Server[]
}

export interface DeskRun {
  id: number
  run: Run
  /** It began where its state is shown anyway, so it is told of only if something is wrong. */
  quiet: boolean
}

export interface DeskState {
  question: Question | null
  runs: readonly DeskRun[]
  /** The run that is open in a dialog */
  shown: number | null
}

/** Where a person asked for an action: the focus belongs there once the dialogs are gone. */
export type Opener = Pick<HTMLElement, 'focus' | 'isConnected'>

/** With more servers than this, the list that is read at the end tells how they are. */
const LOOKED_AT_SINGLY = 20

/** Power actions of one page: what is asked, and what is under way. They go on whichever page is shown. */
export class PowerDesk {
  readonly #ways: PowerWays
  readonly #clock: Clock
  readonly #timers = new Map<number, () => void>()
  readonly #listeners = new Set<() => void>()
  #state: DeskState = { question: null, runs: [], shown: null }
  #lastId = 0
  #opener: Opener | null = null

  constructor(ways: PowerWays, clock: Clock) {
    this.#ways = ways
    this.#clock = clock
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly get = (): DeskState => this.#state

  ask(action: PowerAction, servers: readonly Server[], opener: Opener | null = this.#opener): void {
    this.#opener = opener
    this.#set({ question: { action, servers }, shown: null })
  }

  /** Puts the focus back. @returns false where the place is gone */
  readonly giveFocus = (): boolean => {
    if (!this.#opener?.isConnected) return false
    this.#opener.focus()
    return true
  }

  /** Asks about those for which a run has failed. */
  askAgain(id: number): void {
    const entry = this.#entry(id)
    if (!entry) return
    this.ask(entry.run.action, failedOf(entry.run))
    // What else is under way in it is still told of.
    if (isOver(entry.run)) this.dismiss(id)
  }

  cancel(): void {
    this.#set({ question: null })
  }

  /** Begins what was asked, and shows how it goes. */
  begin(action: PowerAction, servers: readonly Server[]): void {
    const id = this.#add(beginRun(action, servers), false)
    this.#set({ question: null, shown: id })
    this.#pump(id)
  }

  /** Follows an action that the cloud has accepted elsewhere on the page. */
  follow(action: PowerAction, server: Server, { job }: PowerAccepted): void {
    this.#pump(this.#add(acceptedRun(action, server, job, this.#clock.now()), true))
  }

  show(id: number): void {
    this.#set({ shown: id })
  }

  /** Closes the dialog. A run that is not over goes on. */
  hide(): void {
    const { shown } = this.#state
    this.#set({ shown: null })
    const entry = shown === null ? null : this.#entry(shown)
    if (entry && isOver(entry.run)) this.dismiss(entry.id)
  }

  /** Tells of a run no more. What the cloud has accepted goes on there. */
  dismiss(id: number): void {
    this.#timers.get(id)?.()
    this.#timers.delete(id)
    const { runs, shown } = this.#state
    this.#set({ runs: runs.filter((entry) => entry.id !== id), shown: shown === id ? null : shown })
  }

  /** Forgets everything: the next person must not see it. */
  clear(): void {
    for (const { id } of this.#state.runs) this.dismiss(id)
    this.#set({ question: null })
  }

  #entry(id: number): DeskRun | undefined {
    return this.#state.runs.find((entry) => entry.id === id)
  }

  #add(run: Run, quiet: boolean): number {
    const id = ++this.#lastId
    this.#set({ runs: [...this.#state.runs, { id, run, quiet }] })
    return id
  }

  #set(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  #apply(id: number, event: RunEvent): void {
    const before = this.#entry(id)
    if (!before) return
    const run = reduceRun(before.run, event, this.#clock.now())
    if (run === before.run) return
    this.#set({ runs: this.#state.runs.map((entry) => (entry.id === id ? { ...entry, run } : entry)) })
    const ended = this.#ended(before.run, run, event.id)
    const byJob = event.type === 'seen' && event.seen.kind !== 'server'
    if (ended && byJob && run.tasks.length <= LOOKED_AT_SINGLY) this.#lookOnce(id, event.id)
    if (ended && isOver(run)) this.#over(id, run)
  }

  #ended(before: Run, after: Run, server: string): boolean {
    const kindIn = ({ tasks }: Run) => tasks.find((task) => task.server.id === server)?.step.kind
    const kind = kindIn(after)
    return kind !== kindIn(before) && (kind === 'done' || kind === 'failed' || kind === 'unseen')
  }

  #over(id: number, run: Run): void {
    this.#ways.changed()
    const { failed, unseen } = countOf(run)
    if (this.#entry(id)?.quiet && failed + unseen === 0) this.dismiss(id)
  }

  /** A job tells nothing of the server's state, which the page shows as well. */
  #lookOnce(run: number, id: string): void {
    this.#ways.server(id).then(
      (server) => this.#apply(run, { type: 'seen', id, seen: { kind: 'server', server } }),
      () => {},
    )
  }

  #pump(id: number): void {
    const entry = this.#entry(id)
    if (!entry) return
    // One moment for both: what fell due between two readings of the clock would be forgotten.
    const now = this.#clock.now()
    for (const due of dueNow(entry.run, now)) {
      if (due.type === 'ask') this.#ask(id, entry.run.action, due.id)
      else this.#look(id, due.id, due.job)
    }
    this.#timers.get(id)?.()
    this.#timers.delete(id)
    const at = dueAt(this.#entry(id)?.run ?? entry.run, now)
    if (at !== null && this.#entry(id))
      this.#timers.set(
        id,
        this.#clock.after(at - now, () => this.#pump(id)),
      )
  }

  #ask(run: number, action: PowerAction, id: string): void {
    this.#apply(run, { type: 'asked', id })
    this.#ways
      .power(id, action)
      .then(
        ({ job }): RunEvent => ({ type: 'accepted', id, job }),
        (error: unknown): RunEvent => ({ type: 'refused', id, failure: this.#ways.failureOf(error) }),
      )
      .then((event) => this.#answered(run, event))
  }

  #look(run: number, id: string, job: string | null): void {
    this.#apply(run, { type: 'looking', id })
    const look: Promise<Seen> =
      job === null
        ? this.#ways.server(id).then((server) => ({ kind: 'server', server }))
        : this.#ways.job(id, job).then((progress) => ({ kind: 'job', progress }))
    look
      .catch((error: unknown): Seen => ({ kind: 'failure', failure: this.#ways.failureOf(error) }))
      .then((seen) => this.#answered(run, { type: 'seen', id, seen }))
  }

  #answered(run: number, event: RunEvent): void {
    this.#apply(run, event)
    this.#pump(run)
  }
}
