import type { Failure } from '../../../shared/cause.ts'
import type { Moment } from '../../../shared/clock.ts'
import type { SessionState, Wait } from './model.ts'
import type { SessionSnapshot } from './snapshot.ts'
import { hasKeyboard } from './viewers.ts'

/** Who has the keyboard of an open line. `forbidden`: not us, and our role does not let us take it. */
export type Keyboard = 'ours' | 'theirs' | 'forbidden'

/** What keeps the machine from printing, by the cloud's word: it is off, or still being created. */
export type Machine = 'off' | 'building' | null

/**
 * How the line is, for a person. Badge, title, bar, notice and the embedded page's bar all show this one value, so
 * that they never disagree.
 */
export type LineStatus =
  | { kind: 'idle' }
  /** `retried`: the failure that made us try again. */
  | { kind: 'connecting'; step: 'issuing' | 'opening'; retried: Failure | null }
  /** Open, but this connection has not brought a byte yet. `spoke`: an earlier one has. */
  | {
      kind: 'silent'
      since: Moment
      keyboard: Keyboard
      spoke: boolean
      machine: Machine
      retried: Failure | null
    }
  | { kind: 'live'; keyboard: Keyboard; machine: Machine }
  /** Open, but the network passes nothing, or may not. */
  | { kind: 'unanswered'; doubt: Doubt; keyboard: Keyboard }
  /** The next try is ours, or the relay's for its own line. `mayHurry`: it can be brought forward. */
  | { kind: 'waiting'; by: 'page' | 'relay'; failure: Failure; wait: Wait; mayHurry: boolean }
  /** A person at this page ended it. */
  | { kind: 'ended'; by: 'you' | 'you-for-all' }
  /** It ended by itself, and is not tried again. `spoke`: this page has had output of the line before. */
  | { kind: 'failed'; failure: Failure; spoke: boolean }

/**
 * Why an open line may be none.
 * `relay`: our relay sends no sign of life. `direct`: what we send does not leave this computer. `offline`: the browser
 * says so, and on a direct line nothing else would.
 */
export type Doubt = { by: 'relay' | 'direct'; since: Moment } | { by: 'offline' }

export type StatusSource = Pick<
  SessionSnapshot,
  | 'state'
  | 'spoke'
  | 'viewers'
  | 'may'
  | 'retried'
  | 'hurriesRelay'
  | 'endedForAll'
  | 'silentSince'
  | 'offline'
>

export function lineStatus(source: StatusSource, machine: Machine = null): LineStatus {
  const { state, spoke, viewers, may, retried, hurriesRelay, endedForAll } = source
  const keyboard = hasKeyboard(viewers) ? 'ours' : may?.write === false ? 'forbidden' : 'theirs'
  const doubt = doubtOf(source)
  if (doubt) return { kind: 'unanswered', doubt, keyboard }
  switch (state.kind) {
    case 'idle':
      return { kind: 'idle' }
    case 'issuing':
    case 'opening':
      return { kind: 'connecting', step: state.kind, retried }
    case 'silent':
      return { kind: 'silent', since: state.since, keyboard, spoke, machine, retried }
    case 'live':
      return { kind: 'live', keyboard, machine }
    case 'waiting':
      return { kind: 'waiting', by: 'page', failure: state.failure, wait: state.wait, mayHurry: true }
    case 'recovering':
      return {
        kind: 'waiting',
        by: 'relay',
        failure: state.failure,
        wait: state.wait,
        mayHurry: hurriesRelay,
      }
    case 'ended':
      if (state.failure === null) return { kind: 'ended', by: 'you' }
      // The relay ends every viewer's session with this cause, also that of the one who asked for it.
      if (state.failure.cause === 'operator-ended' && endedForAll) return { kind: 'ended', by: 'you-for-all' }
      return { kind: 'failed', failure: state.failure, spoke }
  }
}

function doubtOf({ state, silentSince, offline }: StatusSource): Doubt | null {
  if (state.kind !== 'silent' && state.kind !== 'live') return null
  if (silentSince !== null) return { by: state.transport, since: silentSince }
  return offline && state.transport === 'direct' ? { by: 'offline' } : null
}

/** Connecting again does not help: the server itself is the obstacle. */
export const isFinal = ({ cause }: Failure) => cause === 'unsupported-os' || cause === 'server-not-found'

/** Nothing ended, because this page had no line: the page asked before it, or there is none to be had. */
const neverBegan = ({ failure, spoke }: LineStatus & { kind: 'failed' }) =>
  !spoke && (failure.cause === 'in-use' || isFinal(failure))

/** The one word beside the server's name. `connected`: no more than that is known of an open line. */
export type Badge = SessionState['kind'] | 'watching' | 'connected' | 'unanswered'

export function badgeOf(status: LineStatus): Badge {
  switch (status.kind) {
    case 'idle':
      return 'idle'
    case 'connecting':
      return status.step
    case 'silent':
      if (status.keyboard !== 'ours') return 'watching'
      return status.machine === 'off' || status.spoke ? 'connected' : 'silent'
    case 'live':
      if (status.keyboard !== 'ours') return 'watching'
      return status.machine === 'off' ? 'connected' : 'live'
    case 'unanswered':
      return 'unanswered'
    case 'waiting':
      return status.by === 'page' ? 'waiting' : 'recovering'
    case 'ended':
      return 'ended'
    case 'failed':
      // Beside the question, how an earlier line ended is no news.
      return status.failure.cause === 'in-use' || neverBegan(status) ? 'idle' : 'ended'
  }
}

/** What the bar's button for the line does now. `connect`: this page had no line yet. */
export function lineAction(status: LineStatus): 'connect' | 'reconnect' | 'disconnect' {
  switch (status.kind) {
    case 'idle':
      return 'connect'
    case 'ended':
      return 'reconnect'
    case 'failed':
      return neverBegan(status) ? 'connect' : 'reconnect'
    case 'connecting':
    case 'silent':
    case 'live':
    case 'unanswered':
      return 'disconnect'
    case 'waiting':
      // While the relay waits we are still connected to it.
      return status.by === 'page' ? 'reconnect' : 'disconnect'
  }
}

/** What keeps a key from the machine. Null: it reaches it. */
export function keyObstacle(status: LineStatus): 'line-down' | 'not-writer' | null {
  switch (status.kind) {
    case 'silent':
    case 'live':
    case 'unanswered':
      return status.keyboard === 'ours' ? null : 'not-writer'
    case 'idle':
    case 'connecting':
    case 'waiting':
    case 'ended':
    case 'failed':
      return 'line-down'
  }
}

/** Whether a key that is typed now reaches the machine. */
export const mayType = (status: LineStatus): boolean => keyObstacle(status) === null

/** Whether the keyboard is there to be taken: another viewer has it, or nobody. */
export function mayTakeKeyboard(status: LineStatus): boolean {
  switch (status.kind) {
    case 'silent':
    case 'live':
    case 'unanswered':
      return status.keyboard === 'theirs'
    case 'idle':
    case 'connecting':
    case 'waiting':
    case 'ended':
    case 'failed':
      return false
  }
}

/**
 * What a screen reader hears when no notice is shown. It hears where the line stands, and neither each step nor each
 * retry. Failures are alerts of their own.
 */
export function spokenStatus(status: LineStatus): 'connecting' | 'live' | 'watching' | null {
  switch (status.kind) {
    case 'idle':
      return 'connecting'
    case 'connecting':
    case 'silent':
      return status.retried ? null : 'connecting'
    case 'live':
      return status.keyboard === 'ours' ? 'live' : 'watching'
    case 'unanswered':
    case 'waiting':
    case 'ended':
    case 'failed':
      return null
  }
}
