import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'

interface FailureNoticeProps {
  failure: Failure
  actions?: ReactNode
  /** Where the cause's own words, which are those of a console, do not fit. */
  words?: { title: string; next: string } | undefined
}

/**
 * A failure in words: what happened, what to do now, and the detail for an engineer. Only the words are the alert:
 * a countdown among the actions would be read out every second.
 */
export function FailureNotice({ failure, actions, words }: FailureNoticeProps) {
  const t = useTranslations('causes')
  const label = useTranslations('shell')
  const facts = [failure.detail, failure.code, failure.requestId && `request ${failure.requestId}`].filter(
    Boolean,
  )
  const passes = retriesByItself[failure.cause]
  const Icon = passes ? TriangleAlert : CircleAlert
  return (
    <div className="notice" data-tone={passes ? 'warn' : 'bad'}>
      <Icon size={18} aria-hidden />
      <div role="alert">
        <h2>{words?.title ?? t(`${failure.cause}.title`)}</h2>
        <p>{words?.next ?? t(`${failure.cause}.next`)}</p>
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
