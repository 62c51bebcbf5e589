import { type Cause, type Failure, retriesByItself } from '../../shared/cause.ts'
import type { PowerProgress } from '../../shared/power.ts'
import type { PowerAction, Server } from '../../shared/server.ts'
import { type Effect, hasHappened, noEffect } from './effect.ts'

/** Requests of a run that are under way. The server behind the page has a bound of its own, for all its users. */
const ASKED_AT_ONCE = 4
const LOOKS_AT_ONCE = 3
/**
 * After so many requests, they come so far apart. A user has 1,200 requests a minute unless the settings say otherwise,
 * and a run must leave some of them to the rest of the page.
 */
const ASK_BURST = 20
const ASK_EVERY_MS = 120
/** How often one server is looked at. With many it is less often: a hundred must not use up the user's requests. */
const LOOK_MS = 2_000
const LOOK_MS_EACH = 200
/** Nothing that a management controller does takes this long. */
export const LATE_MS = 3 * 60_000
const LATE_LOOK_MS = 10_000
/** What has not ended by now is looked at no more. */
export const GIVE_UP_MS = 30 * 60_000
/** A cloud that has had enough of requests, and does not say for how long, is asked again after this. */
const HOLD_S = 5
/** So often is a request held before it counts as failed. */
const MAX_HOLDS = 12

/** How far the action is with one server. All moments are ms of one clock. */
export type Step =
  /** Its turn has not come. */
  | { kind: 'waiting'; holds: number }
  /** The cloud was asked, and has not answered. */
  | { kind: 'asking'; holds: number }
  /** The cloud has accepted it. `late`: longer ago than it should take */
  | {
      kind: 'running'
      /** null: the server's own state tells when it has ended. */
      job: string | null
      since: number
      lookAt: number
      looking: boolean
      late: boolean
      effect: Effect
    }
  | { kind: 'done' }
  /** `accepted`: the cloud had taken it, and it failed all the same. */
  | { kind: 'failed'; failure: Failure; accepted: boolean }
  /** The cloud accepted it, and how it ends cannot be seen from here. null: it took too long */
  | { kind: 'unseen'; failure: Failure | null }

export interface Task {
  /** As it was last seen */
  server: Server
  step: Step
}

/** One action for one server or many: what is to do, what is under way, and what came of it. */
export interface Run {
  action: PowerAction
  tasks: readonly Task[]
  /** The cloud must not be asked before. */
  heldUntil: number | null
  /** When all requests so far would have been sent, had they come evenly. */
  pacedUntil: number
}

/** What was seen of a server, or of its job. */
export type Seen =
  | { kind: 'job'; progress: PowerProgress }
  | { kind: 'server'; server: Server }
  | { kind: 'failure'; failure: Failure }

export type RunEvent =
  | { type: 'asked'; id: string }
  | { type: 'accepted'; id: string; job: string | null }
  | { type: 'refused'; id: string; failure: Failure }
  | { type: 'looking'; id: string }
  | { type: 'seen'; id: string; seen: Seen }

/** What is due now. */
export type Due = { type: 'ask'; id: string } | { type: 'look'; id: string; job: string | null }

export const beginRun = (action: PowerAction, servers: readonly Server[]): Run => ({
  action,
  tasks: servers.map((server) => ({ server, step: { kind: 'waiting', holds: 0 } })),
  heldUntil: null,
  pacedUntil: 0,
})

/** A run of one server whose action the cloud has already accepted. */
export const acceptedRun = (action: PowerAction, server: Server, job: string | null, now: number): Run => ({
  action,
  tasks: [{ server, step: running(job, now, LOOK_MS) }],
  heldUntil: null,
  pacedUntil: 0,
})

/** The request did not reach the cloud, or it was not carried out for certain: it may be repeated without a question. */
const holds: ReadonlySet<Cause> = new Set<Cause>(['throttled', 'too-many-requests', 'overloaded'])

export function reduceRun(run: Run, event: RunEvent, now: number): Run {
  const task = run.tasks.find(({ server }) => server.id === event.id)
  if (!task) return run
  const { step } = task
  switch (event.type) {
    case 'asked':
      if (step.kind !== 'waiting') return run
      return {
        ...put(run, event.id, { kind: 'asking', holds: step.holds }),
        pacedUntil: Math.max(run.pacedUntil, now) + ASK_EVERY_MS,
      }
    case 'accepted': {
      if (step.kind !== 'asking') return run
      // An NMI leaves no trace in the cloud: what the machine makes of it shows on its console.
      if (run.action === 'nmi') return put(run, event.id, { kind: 'done' })
      return put(run, event.id, running(event.job, now, lookEvery(run)))
    }
    case 'refused': {
      if (step.kind !== 'asking') return run
      if (!holds.has(event.failure.cause) || step.holds >= MAX_HOLDS)
        return put(run, event.id, { kind: 'failed', failure: event.failure, accepted: false })
      return held(put(run, event.id, { kind: 'waiting', holds: step.holds + 1 }), event.failure, now)
    }
    case 'looking':
      return step.kind === 'running' ? put(run, event.id, { ...step, looking: true }) : run
    case 'seen': {
      const seen = event.seen.kind === 'server' ? withServer(run, event.seen.server) : run
      return step.kind === 'running' ? look(seen, event.id, step, event.seen, now) : seen
    }
  }
}

const nothingChanged: Failure = {
  cause: 'cloud-error',
  detail: 'The cloud no longer works on it, and the power of the server has not changed.',
}

type Running = Extract<Step, { kind: 'running' }>

const running = (job: string | null, now: number, inMs: number): Running => ({
  kind: 'running',
  job,
  since: now,
  lookAt: now + inMs,
  looking: false,
  late: false,
  effect: noEffect,
})

function look(run: Run, id: string, step: Running, seen: Seen, now: number): Run {
  switch (seen.kind) {
    case 'job':
      switch (seen.progress.state) {
        case 'running':
          return again(run, id, step, now)
        case 'done':
          return put(run, id, { kind: 'done' })
        case 'failed':
          return put(run, id, { kind: 'failed', failure: seen.progress.failure, accepted: true })
      }
      break
    case 'server': {
      const effect = hasHappened(run.action, seen.server, step.effect)
      if (effect === 'happened') return put(run, id, { kind: 'done' })
      if (effect === 'nothing-changed')
        return put(run, id, { kind: 'failed', failure: nothingChanged, accepted: true })
      return again(run, id, { ...step, effect }, now)
    }
    case 'failure': {
      const { failure } = seen
      if (holds.has(failure.cause)) return held(again(run, id, step, now), failure, now)
      if (retriesByItself[failure.cause]) return again(run, id, step, now)
      // A person who may not read jobs may still see the server.
      if (step.job !== null) return again(run, id, { ...step, job: null }, now)
      return put(run, id, { kind: 'unseen', failure })
    }
  }
}

/** Looks again later, less often if it is late, and at last no more. */
function again(run: Run, id: string, step: Running, now: number): Run {
  const age = now - step.since
  if (age >= GIVE_UP_MS) return put(run, id, { kind: 'unseen', failure: null })
  const late = age >= LATE_MS
  const inMs = Math.max(lookEvery(run), late ? LATE_LOOK_MS : 0)
  return put(run, id, { ...step, looking: false, late, lookAt: now + inMs })
}

const lookEvery = ({ tasks }: Run) =>
  Math.max(LOOK_MS, LOOK_MS_EACH * tasks.filter(({ step }) => step.kind === 'running').length)

const put = (run: Run, id: string, step: Step): Run => ({
  ...run,
  tasks: run.tasks.map((task) => (task.server.id === id ? { ...task, step } : task)),
})

const withServer = (run: Run, server: Server): Run => ({
  ...run,
  tasks: run.tasks.map((task) => (task.server.id === server.id ? { ...task, server } : task)),
})

const held = (run: Run, { retryAfter = HOLD_S }: Failure, now: number): Run => ({
  ...run,
  heldUntil: Math.max(run.heldUntil ?? 0, now + retryAfter * 1000),
})

/** What the run wants done now. Each is to be begun at once, with `asked` or `looking`. */
export function dueNow(run: Run, now: number): Due[] {
  const { tasks, heldUntil } = run
  if (heldUntil !== null && now < heldUntil) return []
  const count = (is: (step: Step) => boolean) => tasks.filter(({ step }) => is(step)).length
  const paced = ASK_BURST - Math.ceil(Math.max(0, run.pacedUntil - now) / ASK_EVERY_MS)
  const asks = Math.min(paced, ASKED_AT_ONCE - count((step) => step.kind === 'asking'))
  const looks = LOOKS_AT_ONCE - count((step) => step.kind === 'running' && step.looking)
  const due: Due[] = []
  for (const { server, step } of tasks)
    if (step.kind === 'waiting' && due.length < asks) due.push({ type: 'ask', id: server.id })
  const ripe = tasks.flatMap(({ server, step }) =>
    step.kind === 'running' && !step.looking && step.lookAt <= now ? [{ id: server.id, step }] : [],
  )
  ripe.sort((a, b) => a.step.lookAt - b.step.lookAt)
  for (const { id, step } of ripe.slice(0, Math.max(0, looks))) due.push({ type: 'look', id, job: step.job })
  return due
}

/**
 * When something will be due by itself. What waits for its turn, or for another answer, does not count: an answer is a
 * reason to look at what is due as well. null: nothing will be
 */
export function dueAt({ tasks, heldUntil, pacedUntil }: Run, now: number): number | null {
  const unended = tasks.filter(({ step }) => step.kind === 'waiting' || step.kind === 'running')
  if (heldUntil !== null && now < heldUntil) return unended.length > 0 ? heldUntil : null
  const askAt = pacedUntil - (ASK_BURST - 1) * ASK_EVERY_MS
  const moments = unended.flatMap(({ step }) => {
    if (step.kind === 'waiting') return askAt
    return step.kind === 'running' && !step.looking ? step.lookAt : []
  })
  let next: number | null = null
  for (const at of moments) if (at > now) next = next === null ? at : Math.min(next, at)
  return next
}

export type Count = Record<'waiting' | 'running' | 'late' | 'done' | 'failed' | 'unseen', number>

export function countOf({ tasks }: Run): Count {
  const count: Count = { waiting: 0, running: 0, late: 0, done: 0, failed: 0, unseen: 0 }
  for (const { step } of tasks) {
    if (step.kind === 'asking') count.running += 1
    else if (step.kind === 'running' && step.late) count.late += 1
    else count[step.kind] += 1
  }
  return count
}

/** Nothing more is to be told, except of those that are late. */
export const isSettled = (run: Run): boolean => {
  const { waiting, running } = countOf(run)
  return waiting + running === 0
}

export const isOver = (run: Run): boolean => isSettled(run) && countOf(run).late === 0

/** The tasks, those first that a person must look at. The others keep their order. */
export function troubleFirst({ tasks }: Run): readonly Task[] {
  const weight = ({ step }: Task) =>
    step.kind === 'failed' ? 0 : step.kind === 'unseen' ? 1 : step.kind === 'running' && step.late ? 2 : 3
  return tasks.toSorted((a, b) => weight(a) - weight(b))
}

export const failedOf = ({ tasks }: Run): Server[] =>
  tasks.flatMap(({ server, step }) => (step.kind === 'failed' ? [server] : []))
