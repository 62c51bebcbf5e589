import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'

/**
 * A failure in words: what happened, what to do now, and the detail for an engineer. Only the words are the alert:
 * a countdown among the actions would be read out every second.
 */
export function FailureNotice({ failure, actions }: { failure: Failure; actions?: ReactNode }) {
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
        <h2>{t(`${failure.cause}.title`)}</h2>
        <p>{t(`${failure.cause}.next`)}</p>
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
