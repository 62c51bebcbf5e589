import type { IssuedConsole } from '../../../shared/api.ts'
import { backoff, GOOD_MS } from '../../../shared/backoff.ts'
import { type Cause, type Failure, retriesByItself } from '../../../shared/cause.ts'
import { ageBetween, type Moment } from '../../../shared/clock.ts'
import { type DirectFault, directFaults } from '../../../shared/transport.ts'
import type { SessionContext, SessionEffect, SessionEvent, SessionModel, SessionState } from './model.ts'

/** A line that closes this soon after opening, without a byte, was refused, or its machine's host is down. */
const REFUSAL_MS = 3_000
/** So many refusals in a row, each of a fresh URL, cannot be expired tokens. */
const MAX_REFUSALS = 3
/** The way to the relay was good where it lasted so long. A line must last longer, since each try of one costs a link. */
const GOOD_WAY_MS = 2_000
/**
 * How far waits have grown, at most, for who was let in by the relay and lost the way to it sooner. Each of several
 * servers that end one after the other lets a page in, so what failed before says nothing of the next try. A relay that
 * lets pages in and drops them again and again is still asked no more than once a second, on average.
 */
const MOST_ATTEMPT_LET_IN = 1
/** Keys come in bursts. They bring the next try forward this often. */
const HURRY_EVERY_MS = 1_000

/** The relay's session is over with these causes, so its stream has ended and no program goes on in it. */
const endsSession: ReadonlySet<Cause> = new Set<Cause>([
  'operator-ended',
  'idle-limit',
  'time-limit',
  'no-viewer',
])

/** With these causes the way to the relay ended, and nothing is known against the line. */
const waysEnd: ReadonlySet<Cause> = new Set<Cause>([
  'network-lost',
  'relay-silent',
  'proxy-unreachable',
  'proxy-restarting',
  'line-moved',
  'store-unreachable',
])

type Step = [SessionModel, SessionEffect[]]

export function reduce(model: SessionModel, event: SessionEvent, context: SessionContext): Step {
  if ('generation' in event && event.generation !== model.generation) return [model, []]
  const { state } = model
  const { now } = context
  switch (event.type) {
    case 'connect':
      return connect(model, now)
    case 'disconnect': {
      const ended: SessionModel = {
        ...model,
        generation: model.generation + 1,
        lostAt: lostAt(model, now),
        state: { kind: 'ended', failure: null },
      }
      // The relay may go on where we were, with a program that still needs its modes.
      const [next, clean] = isDirect(state) ? tidied(ended) : [ended, []]
      return [next, [{ type: 'close' }, ...clean]]
    }
    case 'issued':
      if (state.kind !== 'issuing') return [model, []]
      // The computer slept between asking and opening, and the link expired meanwhile. No gateway needs to say so. The
      // second one is opened in any case: if it has expired, too, the refusal leads to a wait.
      if (event.ageMs >= event.console.expiresInMs && !model.askedAgain)
        return issue({ ...model, askedAgain: true })
      return given(model, event.console)
    case 'joined': {
      if (state.kind !== 'opening') return [model, []]
      const joined = { ...model, upSince: now, relayLostAt: null }
      // The network failed, and not the line. After a long wait, somebody else would have the keyboard.
      if (event.kept) return [{ ...joined, attempt: 0, lostAt: null }, []]
      return tidied(event.seamed ? { ...joined, lostAt: null } : joined)
    }
    case 'opened': {
      if (state.kind !== 'opening') return [model, []]
      const kind = event.spoke ? 'live' : 'silent'
      const spoke = model.spoke || event.spoke
      const upSince = model.upSince ?? now
      const reached = model.reached || isDirect(state)
      return [
        { ...model, spoke, upSince, reached, state: { kind, transport: state.transport, since: now } },
        [],
      ]
    }
    case 'line-lost': {
      if (state.kind === 'idle' || state.kind === 'issuing' || isOver(state)) return [model, []]
      const { failure, retryInMs } = event
      const wait = { since: now, ms: retryInMs }
      const relayLostAt = state.kind === 'live' ? now : model.relayLostAt
      return [{ ...model, relayLostAt, state: { kind: 'recovering', transport: 'relay', failure, wait } }, []]
    }
    case 'line-opening':
      return state.kind === 'recovering'
        ? [{ ...model, state: { kind: 'opening', transport: 'relay' } }, []]
        : [model, []]
    case 'bytes':
      return output(model, event, now)
    case 'failed':
      return fail(model, event.failure, context)
    case 'due':
      // The timer decides. If the clock was set back meanwhile, the wait's end is still far away.
      return state.kind === 'waiting' ? issue(model) : [model, []]
    case 'online':
      return state.kind === 'waiting' ? early(model, now) : [model, []]
    case 'keystroke':
      return keystroke(model, now)
  }
}

function given(model: SessionModel, console: IssuedConsole): Step {
  const { transport } = console
  const relayed = transport === 'relay'
  return [
    {
      ...model,
      askedAgain: false,
      replaces: !relayed && console.unreached !== undefined,
      // From the relay a page is never moved to a direct line: it would lose what the relay promises.
      relayOnly: relayed ? { type: 'relayed' } : model.relayOnly,
      state: { kind: 'opening', transport },
    },
    [{ type: 'open', generation: model.generation, console }],
  ]
}

function connect(model: SessionModel, now: Moment): Step {
  switch (model.state.kind) {
    case 'idle':
    case 'ended':
      return issue({ ...model, attempt: 0, refusals: 0 })
    case 'waiting':
      return early(model, now)
    case 'recovering':
      return hurryRelay(model, now)
    case 'issuing':
    case 'opening':
    case 'silent':
    case 'live':
      return [model, []]
  }
}

function keystroke(model: SessionModel, now: Moment): Step {
  const { state } = model
  switch (state.kind) {
    case 'waiting': {
      // A key is no reason to ask before the cloud allows it. A person who presses the button has read the notice.
      if (!mayHurry(model, now) || state.failure.retryAfter !== undefined) return [model, []]
      return early(model, now)
    }
    case 'recovering':
      return hurryRelay(model, now)
    case 'idle':
    case 'ended':
      return [model, [{ type: 'not-sent' }]]
    case 'issuing':
    case 'opening':
    case 'silent':
    case 'live':
      return [model, []]
  }
}

/** The machine printed something. This runs for each piece of output. */
function output(
  model: SessionModel,
  { replayed, earlier }: Extract<SessionEvent, { type: 'bytes' }>,
  now: Moment,
): Step {
  const { state } = model
  const spoke = model.spoke || !earlier
  const heard = model.untidy && model.spoke === spoke ? model : { ...model, spoke, untidy: true }
  if (state.kind === 'live' && model.lostAt === null) return [heard, []]
  const seam: SessionEffect[] =
    model.lostAt === null ? [] : [{ type: 'seam', ms: ageBetween(model.lostAt, now) }]
  const next = { ...heard, lostAt: null }
  if (replayed || (state.kind !== 'silent' && state.kind !== 'opening')) return [next, seam]
  const live: SessionState = { kind: 'live', transport: state.transport, since: now }
  return [{ ...next, refusals: 0, relayLostAt: null, state: live }, seam]
}

/** A new attempt always asks for a new URL. */
function issue(model: SessionModel): Step {
  const generation = model.generation + 1
  return [
    { ...model, generation, upSince: null, state: { kind: 'issuing' } },
    [{ type: 'issue', generation }],
  ]
}

/** Tries before the wait is over. If that fails, the wait is as long as the one that was cut short. */
const early = (model: SessionModel, now: Moment): Step => issue({ ...model, early: true, hurriedAt: now })

/** Has the relay try before its wait is over. */
function hurryRelay(model: SessionModel, now: Moment): Step {
  if (!mayHurry(model, now)) return [model, []]
  return [{ ...model, hurriedAt: now }, [{ type: 'retry-line' }]]
}

const mayHurry = ({ hurriedAt }: SessionModel, now: Moment) =>
  hurriedAt === null || ageBetween(hurriedAt, now) >= HURRY_EVERY_MS

function fail(model: SessionModel, given: Failure, { now, machineAway, random }: SessionContext): Step {
  const { state } = model
  if (isOver(state)) return [model, []]
  const failure = interpret(model, given, now)
  const hungUp = failure.cause === 'gateway-hung-up' || failure.cause === 'origin-doubtful'
  const refused = hungUp && !machineAway
  const attempt = attemptAfter(model, failure, now)
  // An early try that failed is no reason to wait longer.
  const rung = model.early ? Math.max(0, attempt - 1) : attempt
  const next: SessionModel = {
    ...model,
    refusals: refused ? model.refusals + 1 : model.refusals,
    lostAt: lostAt(model, now),
    relayLostAt: null,
    early: false,
    generation: model.generation + 1,
  }
  const why = directFault(next, failure)
  if (why) return moved(next, why)
  if (!retriesByItself[failure.cause]) return end(next, failure)
  if (refused && !model.spoke) {
    // The relay reports a refusal only after it has tried fresh links itself, and it sends no Origin.
    if (isRelay(state)) return end(next, failure)
    if (next.refusals >= MAX_REFUSALS) {
      if (model.replaces) return moved(next, 'origin-refused')
      return end(next, { ...failure, cause: 'origin-refused' })
    }
  }
  const ms = Math.max(
    waitFor(failure, model, backoff(rung, random), random),
    (failure.retryAfter ?? 0) * 1000,
  )
  // Only a direct line's stream ends here. The relay goes on where we were, with a program that still needs its modes.
  const [tidy, clean] = isDirect(state) ? tidied(next) : [next, []]
  return [
    { ...tidy, attempt: rung + 1, state: { kind: 'waiting', failure, wait: { since: now, ms } } },
    [{ type: 'close' }, ...clean, { type: 'wait', ms }],
  ]
}

/** How far the waits have grown that follow this failure */
function attemptAfter({ attempt, state, upSince }: SessionModel, { cause }: Failure, now: Moment): number {
  if (upSince === null) return attempt
  const upMs = ageBetween(upSince, now)
  if (!isRelay(state) || !waysEnd.has(cause)) return upMs < GOOD_MS ? attempt : 0
  return upMs < GOOD_WAY_MS ? Math.min(attempt, MOST_ATTEMPT_LET_IN) : 0
}

/** Who was with the relay, and hears from it that another is ready, need not wait for that. */
const waitFor = (
  { spreadMs }: Failure,
  { upSince }: SessionModel,
  backoffMs: number,
  random: number,
): number => (spreadMs === undefined || upSince === null ? backoffMs : spreadMs * (1 - random))

/** Why a direct line that was given in the relay's place leads nowhere. null: it may lead somewhere. */
function directFault(
  { state, replaces, spoke, reached }: SessionModel,
  { cause }: Failure,
): DirectFault | null {
  // A way that led to the gateway once may do so again.
  if (!replaces || !isDirect(state) || spoke || reached) return null
  return directFaults.find((fault) => fault === cause) ?? null
}

/** Goes to the relay at once, with one more link: nothing was tried there yet. */
function moved(model: SessionModel, why: DirectFault): Step {
  const [next, effects] = issue({ ...model, replaces: false, relayOnly: { type: 'direct-failed', why } })
  return [next, [{ type: 'close' }, ...effects]]
}

function end(model: SessionModel, failure: Failure): Step {
  const streamEnds = isDirect(model.state) || endsSession.has(failure.cause)
  const [tidy, clean] = streamEnds ? tidied(model) : [model, []]
  return [{ ...tidy, state: { kind: 'ended', failure } }, [{ type: 'close' }, ...clean]]
}

/** Puts back what the output may have changed: its stream has ended, or the next one is another. */
function tidied(model: SessionModel): Step {
  return model.untidy ? [{ ...model, untidy: false }, [{ type: 'clean-modes' }]] : [model, []]
}

/**
 * A gateway that accepts and then drops us without a byte refused us or has no machine, whatever its close says. One that
 * this page has never heard may refuse the page itself.
 */
function interpret({ state, spoke }: SessionModel, failure: Failure, now: Moment): Failure {
  const dropped = failure.cause === 'gateway-closed'
  return dropped && state.kind === 'silent' && ageBetween(state.since, now) < REFUSAL_MS
    ? { ...failure, cause: spoke || state.transport === 'relay' ? 'gateway-hung-up' : 'origin-doubtful' }
    : failure
}

const isDirect = (state: SessionState) => 'transport' in state && state.transport === 'direct'
const isRelay = (state: SessionState) => 'transport' in state && state.transport === 'relay'

/** No attempt is under way. */
const isOver = ({ kind }: SessionState) => kind === 'idle' || kind === 'waiting' || kind === 'ended'

function lostAt({ state, lostAt, relayLostAt }: SessionModel, now: Moment): Moment | null {
  return state.kind === 'live' ? now : (lostAt ?? relayLostAt)
}
