import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { Moment } from '../../../shared/clock.ts'
import type { NotSent } from '../../../shared/relay-protocol.ts'
import type { PasteState } from '../paste/paste-job.ts'
import { initialModel, type SessionState } from './model.ts'
import { aloneOnLine, type SharedLine } from './shared-line.ts'

/** All that the page draws of a session. */
export interface SessionSnapshot extends SharedLine {
  state: SessionState
  /** This page has had output of the line. */
  spoke: boolean
  /** The failure that is being retried. It stays through each try, until the line is live or has ended. */
  retried: Failure | null
  transport: IssuedConsole['transport'] | null
  /** The relay can be asked to try its lost line before its wait is over. */
  hurriesRelay: boolean
  sysrq: IssuedConsole['sysrq']
  paste: PasteState | null
  /** The last keys that did not reach the line, and why. */
  notSent: { at: Moment; why: NotSent } | null
  /** The line sent something that no terminal can read. */
  unreadable: boolean
  /** We ended the session for all. */
  endedForAll: boolean
}

export const initialSnapshot: SessionSnapshot = {
  ...aloneOnLine,
  state: initialModel.state,
  spoke: initialModel.spoke,
  retried: null,
  transport: null,
  hurriesRelay: false,
  sysrq: null,
  paste: null,
  notSent: null,
  unreadable: false,
  endedForAll: false,
}
