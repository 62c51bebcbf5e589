import { type Failure, retriesByItself } from '../../shared/cause.ts'
import type { SessionSnapshot } from '../console/session/snapshot.ts'
import { hasKeyboard } from '../console/session/viewers.ts'
import type { Telling } from './host.ts'

type Seen = Pick<SessionSnapshot, 'state' | 'viewers'>
type Words = (failure: Failure) => { title: string; next: string }

/** What the page around is told of the step from one snapshot to the next. `before` is null at the start. */
export function eventsBetween(before: Seen | null, after: Seen, words: Words): Telling[] {
  const events: Telling[] = []
  const { state } = after
  const mayType = typingReaches(after)
  if (before?.state.kind !== state.kind || typingReaches(before) !== mayType)
    events.push({ type: 'state', state: state.kind, mayType })
  if (before?.state === state) return events
  const failure = 'failure' in state ? state.failure : null
  if (failure) events.push(errorOf(failure, state.kind !== 'ended' && retriesByItself[failure.cause], words))
  if (state.kind === 'ended') events.push({ type: 'ended', cause: failure?.cause ?? null })
  return events
}

export function errorOf(failure: Failure, retries: boolean, words: Words): Telling {
  const { cause, detail = null } = failure
  return { type: 'error', cause, ...words(failure), detail, retries }
}

const typingReaches = ({ state, viewers }: Seen) =>
  (state.kind === 'live' || state.kind === 'silent') && hasKeyboard(viewers)
