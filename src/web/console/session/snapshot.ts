import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { Moment } from '../../../shared/clock.ts'
import type { DirectFault, RelayOnly } from '../../../shared/transport.ts'
import type { PasteState } from '../paste/paste-job.ts'
import type { LostKeys } from './lost-input.ts'
import { initialModel, type SessionState } from './model.ts'
import { aloneOnLine, type SharedLine } from './shared-line.ts'

/** Why keys went nowhere, without so much as a try. Such keys are not kept. */
export type NotSent = 'not-writer' | 'may-not-write' | 'line-down'

/** All that the page draws of a session. */
export interface SessionSnapshot extends SharedLine {
  state: SessionState
  /** This page has had output of the line. */
  spoke: boolean
  /** The failure that is being retried. It stays through each try, until the line is live or has ended. */
  retried: Failure | null
  transport: IssuedConsole['transport'] | null
  /**
   * What took the relay's place, since the server does not reach the gateway. `direct`: this page's own connection.
   * `none`: that failed, too. Null: nothing had to.
   */
  inPlace: { way: 'direct'; unreached: string } | { way: 'none'; why: DirectFault } | null
  /** The relay can be asked to try its lost line before its wait is over. */
  hurriesRelay: boolean
  sysrq: IssuedConsole['sysrq']
  paste: PasteState | null
  /** The last keys that did not reach the line, and why. */
  notSent: { at: Moment; why: NotSent } | null
  /** Keys that were typed and are not at the machine for certain. */
  lost: LostKeys | null
  /** Since when the open line passes nothing. Null: it does, as far as can be seen. */
  silentSince: Moment | null
  /** The browser says that this computer is offline. */
  offline: boolean
  /** The line sent something that no terminal can read. */
  unreadable: boolean
  /** The line was read as UTF-8, and does not look like it. */
  notUtf8: boolean
  /** We ended the session for all. */
  endedForAll: boolean
}

export const initialSnapshot: SessionSnapshot = {
  ...aloneOnLine,
  state: initialModel.state,
  spoke: initialModel.spoke,
  retried: null,
  transport: null,
  inPlace: null,
  hurriesRelay: false,
  sysrq: null,
  paste: null,
  notSent: null,
  lost: null,
  silentSince: null,
  offline: false,
  unreadable: false,
  notUtf8: false,
  endedForAll: false,
}

/** @param relayOnly as it was when the console was asked for */
export function inPlaceOf(
  issued: IssuedConsole,
  relayOnly: RelayOnly | null,
  before: SessionSnapshot,
): SessionSnapshot['inPlace'] {
  if (issued.transport === 'direct')
    return issued.unreached === undefined ? null : { way: 'direct', unreached: issued.unreached }
  return relayOnly?.type === 'direct-failed' ? { way: 'none', why: relayOnly.why } : before.inPlace
}
