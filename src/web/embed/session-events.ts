import { type Failure, retriesByItself } from '../../shared/cause.ts'
import type { SessionSnapshot } from '../console/session/snapshot.ts'
import { hasKeyboard } from '../console/session/viewers.ts'
import type { HostEvent } from './host.ts'

type Step = Pick<SessionSnapshot, 'state' | 'viewers'>
type WordsOf = (failure: Failure) => { title: string; next: string }

/** The events for the host page when one snapshot follows another. `before` is null at the start. */
export function eventsBetween(before: Step | null, after: Step, wordsOf: WordsOf): HostEvent[] {
  const events: HostEvent[] = []
  const { state } = after
  const mayType = mayTypeIn(after)
  if (before?.state.kind !== state.kind || mayTypeIn(before) !== mayType)
    events.push({ type: 'state', state: state.kind, mayType })
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

const mayTypeIn = ({ state, viewers }: Step) =>
  (state.kind === 'live' || state.kind === 'silent') && hasKeyboard(viewers)
