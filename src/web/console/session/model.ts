import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import { ageBetween, type Moment } from '../../../shared/clock.ts'
import type { RelayOnly } from '../../../shared/transport.ts'

/** A wait before the next try. */
export interface Wait {
  since: Moment
  ms: number
}

/** The ms that are left. 0: it is over, and the try is under way or about to begin. */
export const leftOf = ({ since, ms }: Wait, now: Moment) => Math.max(0, ms - ageBetween(since, now))

/**
 * A console session's state. A `silent` line is open but has not sent a byte. A gateway accepts the handshake before it
 * checks token and Origin, so only the first byte proves that the machine is there.
 */
export type SessionState =
  | { kind: 'idle' }
  | { kind: 'issuing' }
  | { kind: 'opening'; transport: IssuedConsole['transport'] }
  | { kind: 'silent'; transport: IssuedConsole['transport']; since: Moment }
  | { kind: 'live'; transport: IssuedConsole['transport']; since: Moment }
  /** We are connected to the relay, which is asking for a new line itself. */
  | { kind: 'recovering'; transport: 'relay'; failure: Failure; wait: Wait }
  | { kind: 'waiting'; failure: Failure; wait: Wait }
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
  /** Waits since a line was last good. */
  attempt: number
  /** Refusals in a row. Each try had a fresh URL. */
  refusals: number
  /** This page has got bytes of this line. Then its origin and its links are not what the gateway refuses. */
  spoke: boolean
  /** When this attempt reached the gateway, or the relay. */
  upSince: Moment | null
  /** This attempt began before its wait was over. */
  early: boolean
  /** When a key or a button last had the next try brought forward. */
  hurriedAt: Moment | null
  /** The last console had expired when it came, so it was asked for again. */
  askedAgain: boolean
  /** When a live line was lost, for the seam. Null when there is no gap to show. */
  lostAt: Moment | null
  /** When the relay lost its line. If the session goes on, the relay shows that seam itself. */
  relayLostAt: Moment | null
  /** The last link was given in the relay's place: where it leads nowhere, the relay tries. */
  replaces: boolean
  /** A gateway let this page in, if only for a moment. */
  reached: boolean
  /** Why this page is given no link any more */
  relayOnly: RelayOnly | null
  /** Output may have changed the terminal's modes since they were last put back. */
  untidy: boolean
  /** Every attempt has a number. Events of an older attempt are ignored. */
  generation: number
}

export type SessionEvent =
  | { type: 'connect' }
  | { type: 'disconnect' }
  /** `ageMs`: the time since it was asked for */
  | { type: 'issued'; generation: number; console: IssuedConsole; ageMs: number }
  /**
   * The relay let us in. `kept`: our session is still there. `seamed`: it is another, and the screen tells of the time
   * between in another way.
   */
  | { type: 'joined'; generation: number; kept: boolean; seamed: boolean }
  /** `spoke`: the line has sent bytes before, so its silence needs no notice. */
  | { type: 'opened'; generation: number; spoke: boolean }
  | { type: 'line-lost'; generation: number; failure: Failure; retryInMs: number }
  | { type: 'line-opening'; generation: number }
  /**
   * `replayed`: the relay had kept them. They do not prove that the line is up now. `earlier`: a session before this one
   * left them. They do not prove that the gateway lets us in.
   */
  | { type: 'bytes'; generation: number; replayed: boolean; earlier: boolean }
  | { type: 'failed'; generation: number; failure: Failure }
  | { type: 'due'; generation: number }
  | { type: 'online' }
  | { type: 'keystroke' }

export type SessionEffect =
  | { type: 'issue'; generation: number }
  | { type: 'open'; generation: number; console: IssuedConsole }
  | { type: 'close' }
  | { type: 'wait'; ms: number }
  /** Asks the relay to try its lost line now. */
  | { type: 'retry-line' }
  | { type: 'clean-modes' }
  | { type: 'seam'; ms: number }
  | { type: 'not-sent' }

export interface SessionContext {
  now: Moment
  /** The cloud says that the machine is off or still being created. A gateway then has nothing to connect us to. */
  machineAway: boolean
  /** 0 to 1 */
  random: number
}

export const initialModel: SessionModel = {
  state: { kind: 'idle' },
  attempt: 0,
  refusals: 0,
  spoke: false,
  upSince: null,
  early: false,
  hurriedAt: null,
  askedAgain: false,
  lostAt: null,
  relayLostAt: null,
  replaces: false,
  reached: false,
  relayOnly: null,
  untidy: false,
  generation: 0,
}
