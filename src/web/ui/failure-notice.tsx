import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import { Countdown } from './countdown.tsx'
import { useWayWords } from './use-way-words.ts'

interface FailureNoticeProps {
  failure: Failure
  actions?: ReactNode
  /** Other words than the cause's own, which speak of a console. */
  words?: { title: string; next: string } | undefined
}

/**
 * Explains a failure: what happened, what to do now, and the details for an engineer. Only the words are the alert,
 * because a screen reader would read a countdown among the actions every second.
 */
export function FailureNotice({ failure, actions, words }: FailureNoticeProps) {
  const t = useTranslations('causes')
  const label = useTranslations('shell')
  const WayWords = useWayWords(failure)
  const facts = [failure.detail, failure.code, failure.requestId && `request ${failure.requestId}`].filter(
    Boolean,
  )
  // A question is no fault.
  const passes = retriesByItself[failure.cause] || failure.cause === 'in-use'
  const Icon = passes ? TriangleAlert : CircleAlert
  return (
    <div className="notice" data-tone={passes ? 'warn' : 'bad'}>
      <Icon size={18} aria-hidden />
      <div role="alert">
        <h2>{words?.title ?? t(`${failure.cause}.title`)}</h2>
        <p>
          {WayWords && !words ? <WayWords {...failure} /> : (words?.next ?? t(`${failure.cause}.next`))}
          {failure.permission && ` ${label('permission', { permission: failure.permission })}`}
        </p>
      </div>
      <div className="actions">{actions}</div>
      {facts.length > 0 && (
        <details>
          <summary>{label('detail')}</summary>
          <code>{facts.join(' · ')}</code>
        </details>
      )}
    </div>
  )
}

/** Says how long trying again brings the same answer, where that is known. */
export function NextTry({ failure: { retryAfter } }: { failure: Failure }) {
  const t = useTranslations('shell')
  if (retryAfter === undefined) return null
  return (
    <Countdown
      key={retryAfter}
      seconds={retryAfter}
      waiting={(time) => t('nextTry', { time })}
      over={t('nextTryNow')}
    />
  )
}
