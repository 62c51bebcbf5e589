import { type Failure, retriesByItself } from '../../shared/cause.ts'
import { lineStatus, mayType, type StatusSource } from '../console/session/line-status.ts'
import type { HostEvent } from './host.ts'

type WordsOf = (failure: Failure) => { title: string; next: string }

/** The events for the host page when one snapshot follows another. `before` is null at the start. */
export function eventsBetween(
  before: StatusSource | null,
  after: StatusSource,
  wordsOf: WordsOf,
): HostEvent[] {
  const events: HostEvent[] = []
  const { state } = after
  const typing = mayType(lineStatus(after))
  if (before?.state.kind !== state.kind || mayType(lineStatus(before)) !== typing)
    events.push({ type: 'state', state: state.kind, mayType: typing })
  if (before?.state === state) return events
  const failure = 'failure' in state ? state.failure : null
  if (failure)
    events.push(errorOf(failure, state.kind !== 'ended' && retriesByItself[failure.cause], wordsOf))
  if (state.kind === 'ended') events.push({ type: 'ended', cause: failure?.cause ?? null })
  return events
}

export function errorOf(failure: Failure, retries: boolean, wordsOf: WordsOf): HostEvent {
  const { cause, detail = null } = failure
  return { type: 'error', cause, ...wordsOf(failure), detail, retries }
}
