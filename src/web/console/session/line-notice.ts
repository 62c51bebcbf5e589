import type { Failure } from '../../../shared/cause.ts'
import { ageBetween, type Moment } from '../../../shared/clock.ts'
import type { Doubt, Keyboard, LineStatus } from './line-status.ts'
import { leftOf } from './model.ts'
import type { SessionSnapshot } from './snapshot.ts'

/** How long a line may be silent before the page says so: most lines speak sooner. */
const QUIET_MS = 1_500
/** How long the page says that keys were not sent. */
const NOT_SENT_MS = 4_000
/** Longer than `NOT_SENT_MS`: these notices have a button to reach, or say what to do. */
const NOT_WRITER_MS = 10_000

/** What the page says about the line, between the bar and the terminal. */
export type LineNotice = PlainNotice | FailureOnLine

export type PlainNotice =
  /** Keys were typed here while another viewer has the keyboard. */
  | { kind: 'not-writer'; mayTake: boolean }
  | { kind: 'unanswered'; doubt: Doubt }
  /** The machine has not printed anything since the page was opened. */
  | { kind: 'silent'; keyboard: Keyboard }
  /** The line is open again, and the machine has not printed anything since. */
  | { kind: 'quiet'; keyboard: Keyboard }
  | { kind: 'off' }
  | { kind: 'building' }
  | { kind: 'ended'; by: 'you' | 'you-for-all' }

export type FailureOnLine =
  /** `leftMs` is null while a try is under way. `mayHurry`: it can be brought forward. */
  | { kind: 'retrying'; failure: Failure; leftMs: number | null; mayHurry: boolean }
  /** The try has opened the line. Many gateways hang up now, so the failure stays for a moment. */
  | { kind: 'reopened'; failure: Failure }
  | { kind: 'failed'; failure: Failure }

export const isFailure = (notice: LineNotice): notice is FailureOnLine =>
  notice.kind === 'retrying' || notice.kind === 'reopened' || notice.kind === 'failed'

type NotSent = SessionSnapshot['notSent']

/** @returns null when the line speaks for itself */
export function lineNotice(status: LineStatus, notSent: NotSent, now: Moment): LineNotice | null {
  switch (status.kind) {
    case 'idle':
      return null
    case 'connecting':
      return trying(status.retried)
    case 'silent':
      if (status.keyboard !== 'ours' && watcherTyped(notSent, now)) return notWriter(status.keyboard)
      if (ageBetween(status.since, now) >= QUIET_MS) {
        if (status.machine === 'off') return { kind: 'off' }
        if (status.machine === 'building' && !status.spoke) return { kind: 'building' }
        return { kind: status.spoke ? 'quiet' : 'silent', keyboard: status.keyboard }
      }
      // The words of a retried failure stay through each try: words that come and go with it are not read.
      return status.retried && { kind: 'reopened', failure: status.retried }
    case 'live':
      if (status.keyboard !== 'ours' && watcherTyped(notSent, now)) return notWriter(status.keyboard)
      return status.machine === 'off' ? { kind: 'off' } : null
    case 'unanswered':
      return { kind: 'unanswered', doubt: status.doubt }
    case 'waiting': {
      const left = leftOf(status.wait, now)
      if (left === 0) return trying(status.failure)
      return { kind: 'retrying', failure: status.failure, leftMs: left, mayHurry: status.mayHurry }
    }
    case 'ended':
      return { kind: 'ended', by: status.by }
    case 'failed':
      return { kind: 'failed', failure: status.failure }
  }
}

/** Whether the notice becomes another one by time alone. */
export function noticeChanges(status: LineStatus, notSent: NotSent, now: Moment): boolean {
  if (notSent && ageBetween(notSent.at, now) < NOT_WRITER_MS) return true
  switch (status.kind) {
    case 'silent':
      return ageBetween(status.since, now) < QUIET_MS
    case 'unanswered':
    case 'waiting':
      return true
    case 'idle':
    case 'connecting':
    case 'live':
    case 'ended':
    case 'failed':
      return false
  }
}

/** Whether keys were dropped just now because the line is down. */
export const keysWereLost = (notSent: NotSent, now: Moment) =>
  notSent !== null && ageBetween(notSent.at, now) < NOT_SENT_MS

const trying = (failure: Failure | null): LineNotice | null =>
  failure && { kind: 'retrying', failure, leftMs: null, mayHurry: false }

const notWriter = (keyboard: Keyboard): LineNotice => ({
  kind: 'not-writer',
  mayTake: keyboard === 'theirs',
})

const watcherTyped = (notSent: NotSent, now: Moment) =>
  (notSent?.why === 'not-writer' || notSent?.why === 'may-not-write') &&
  ageBetween(notSent.at, now) < NOT_WRITER_MS
