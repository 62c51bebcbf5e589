import type { IssuedConsole } from '../../../shared/api.ts'
import { backoff } from '../../../shared/backoff.ts'
import { type Failure, retriesByItself } from '../../../shared/cause.ts'

/**
 * A console session's state. A `silent` line is open but has not sent a byte. A gateway accepts the handshake before it
 * checks token and Origin, so only the first byte proves that the machine is there.
 */
export type SessionState =
  | { kind: 'idle' }
  | { kind: 'issuing' }
  | { kind: 'opening'; transport: IssuedConsole['transport'] }
  | { kind: 'silent'; transport: IssuedConsole['transport']; since: number }
  | { kind: 'live'; transport: IssuedConsole['transport']; since: number }
  /** We are connected to the relay, which is asking for a new line itself. */
  | { kind: 'recovering'; transport: 'relay'; failure: Failure; until: number }
  | { kind: 'waiting'; failure: Failure; until: number }
  /** `failure` is null when the user ended it. */
  | { kind: 'ended'; failure: Failure | null }

/** The failure that is being retried in `state`. @param before the failure that was being retried until then */
export function retriedIn(state: SessionState, before: Failure | null): Failure | null {
  switch (state.kind) {
    case 'waiting':
    case 'recovering':
      return state.failure
    case 'issuing':
    case 'opening':
    case 'silent':
      return before
    case 'idle':
    case 'live':
    case 'ended':
      return null
  }
}

/** The state, and what the machine remembers beside it. */
export interface SessionModel {
  state: SessionState
  /** Tries since the line last worked. */
  attempt: number
  /** Refusals in a row. Each try had a fresh URL. */
  refusals: number
  /** The last console had expired when it came, so it was asked for again. */
  askedAgain: boolean
  /** When a live line was lost, for the seam. Null when there is no gap to show. */
  lostAt: number | null
  /** Every attempt has a number. Events of an older attempt are ignored. */
  generation: number
}

export type SessionEvent =
  | { type: 'connect' }
  | { type: 'disconnect' }
  /** `ageMs`: the time since it was asked for */
  | { type: 'issued'; generation: number; console: IssuedConsole; ageMs: number }
  /**
   * The relay let us in. `kept`: it resumes where we were, without losing a byte. `restarted`: it is another process, and
   * the restart is told on the screen.
   */
  | { type: 'joined'; generation: number; kept: boolean; restarted: boolean }
  /** `spoke`: the line has sent bytes before, so its silence needs no notice. */
  | { type: 'opened'; generation: number; spoke: boolean }
  | { type: 'line-lost'; generation: number; failure: Failure; retryInMs: number }
  | { type: 'line-opening'; generation: number }
  | { type: 'bytes'; generation: number }
  | { type: 'failed'; generation: number; failure: Failure }
  | { type: 'due'; generation: number }
  | { type: 'online' }
  | { type: 'keystroke' }

export type SessionEffect =
  | { type: 'issue'; generation: number }
  | { type: 'open'; generation: number; console: IssuedConsole }
  | { type: 'close' }
  | { type: 'wake-at'; time: number }
  | { type: 'clean-modes' }
  | { type: 'seam'; from: number; to: number }
  | { type: 'not-sent' }

export interface SessionContext {
  now: number
  /** 0 to 1 */
  random: number
}

export const initialModel: SessionModel = {
  state: { kind: 'idle' },
  attempt: 0,
  refusals: 0,
  askedAgain: false,
  lostAt: null,
  generation: 0,
}

/** A line that closes this soon after opening, without a byte, was refused. */
const REFUSAL_MS = 3_000
/** So many refusals in a row, each of a fresh URL, cannot be expired tokens. */
const MAX_REFUSALS = 3

type Step = [SessionModel, SessionEffect[]]

export function reduce(model: SessionModel, event: SessionEvent, context: SessionContext): Step {
  if ('generation' in event && event.generation !== model.generation) return [model, []]
  const { state } = model
  switch (event.type) {
    case 'connect':
      if (state.kind === 'idle' || state.kind === 'ended' || state.kind === 'waiting') {
        return issue({ ...model, attempt: 0, refusals: 0 })
      }
      return [model, []]
    case 'disconnect':
      return [
        {
          ...model,
          generation: model.generation + 1,
          lostAt: lostAt(model, context.now),
          state: { kind: 'ended', failure: null },
        },
        [{ type: 'close' }, { type: 'clean-modes' }],
      ]
    case 'issued':
      if (state.kind !== 'issuing') return [model, []]
      // The computer slept between asking and opening, and the link expired meanwhile. No gateway needs to say so. The
      // second one is opened in any case: if it has expired, too, the refusal leads to a wait.
      if (event.ageMs >= event.console.expiresInMs && !model.askedAgain)
        return issue({ ...model, askedAgain: true })
      return [
        { ...model, askedAgain: false, state: { kind: 'opening', transport: event.console.transport } },
        [{ type: 'open', generation: model.generation, console: event.console }],
      ]
    case 'joined': {
      if (state.kind !== 'opening') return [model, []]
      if (event.kept) return [{ ...model, attempt: 0, lostAt: null }, []]
      if (event.restarted) return [{ ...model, attempt: 0, lostAt: null }, [{ type: 'clean-modes' }]]
      return [{ ...model, attempt: 0 }, model.lostAt === null ? [] : [{ type: 'clean-modes' }]]
    }
    case 'opened': {
      if (state.kind !== 'opening') return [model, []]
      const kind = event.spoke ? 'live' : 'silent'
      return [{ ...model, state: { kind, transport: state.transport, since: context.now } }, []]
    }
    case 'line-lost': {
      if (state.kind !== 'opening' && state.kind !== 'silent' && state.kind !== 'live') return [model, []]
      const { failure, retryInMs } = event
      const until = context.now + retryInMs
      return [{ ...model, state: { kind: 'recovering', transport: 'relay', failure, until } }, []]
    }
    case 'line-opening':
      return state.kind === 'recovering'
        ? [{ ...model, state: { kind: 'opening', transport: 'relay' } }, []]
        : [model, []]
    case 'bytes': {
      if (state.kind !== 'silent' && state.kind !== 'opening') return [model, []]
      const live: SessionModel = {
        ...model,
        attempt: 0,
        refusals: 0,
        lostAt: null,
        state: { kind: 'live', transport: state.transport, since: context.now },
      }
      return [live, model.lostAt === null ? [] : [{ type: 'seam', from: model.lostAt, to: context.now }]]
    }
    case 'failed':
      return fail(model, event.failure, context)
    case 'due':
      // The timer decides. If the clock was set back meanwhile, `until` is still far away.
      return state.kind === 'waiting' ? issue(model) : [model, []]
    case 'online':
      return state.kind === 'waiting' ? issue(model) : [model, []]
    case 'keystroke':
      switch (state.kind) {
        case 'waiting': {
          const [next, effects] = issue(model)
          return [next, [{ type: 'not-sent' }, ...effects]]
        }
        case 'idle':
        case 'issuing':
        case 'opening':
        case 'recovering':
        case 'ended':
          return [model, [{ type: 'not-sent' }]]
        case 'silent':
        case 'live':
          return [model, []]
      }
  }
}

/** A new attempt always asks for a new URL. */
function issue(model: SessionModel): Step {
  const generation = model.generation + 1
  return [{ ...model, generation, state: { kind: 'issuing' } }, [{ type: 'issue', generation }]]
}

function fail(model: SessionModel, given: Failure, context: SessionContext): Step {
  const { state } = model
  if (state.kind === 'idle' || state.kind === 'ended' || state.kind === 'waiting') return [model, []]
  const failure = interpret(model, given, context.now)
  const relay = 'transport' in state && state.transport === 'relay'
  const refusals = failure.cause === 'gateway-hung-up' ? model.refusals + 1 : model.refusals
  const next = { ...model, refusals, lostAt: lostAt(model, context.now), generation: model.generation + 1 }
  const end = (ended: Failure): Step => [
    { ...next, state: { kind: 'ended', failure: ended } },
    [{ type: 'close' }, { type: 'clean-modes' }],
  ]
  if (!retriesByItself[failure.cause]) return end(failure)
  if (failure.cause === 'gateway-hung-up') {
    // The relay reports a refusal only after it has tried fresh links itself, and it sends no Origin.
    if (relay) return end(failure)
    if (refusals >= MAX_REFUSALS) return end({ ...failure, cause: 'origin-refused' })
  }
  const wait = Math.max(backoff(model.attempt, context.random), (failure.retryAfter ?? 0) * 1000)
  const until = context.now + wait
  // Only a direct line leaves modes behind. The relay goes on where we were, with a program that still needs its modes.
  // A try that fails before it has a line (`issuing`) had no output either.
  const direct = 'transport' in state && state.transport === 'direct'
  const clean: SessionEffect[] = direct ? [{ type: 'clean-modes' }] : []
  return [
    { ...next, attempt: model.attempt + 1, state: { kind: 'waiting', failure, until } },
    [{ type: 'close' }, ...clean, { type: 'wake-at', time: until }],
  ]
}

/** A gateway that accepts and then drops us without a byte refused the token or the Origin, whatever its close says. */
function interpret({ state }: SessionModel, failure: Failure, now: number): Failure {
  const dropped = failure.cause === 'gateway-closed'
  return dropped && state.kind === 'silent' && now - state.since < REFUSAL_MS
    ? { ...failure, cause: 'gateway-hung-up' }
    : failure
}

function lostAt({ state, lostAt }: SessionModel, now: number): number | null {
  return state.kind === 'live' ? now : lostAt
}
