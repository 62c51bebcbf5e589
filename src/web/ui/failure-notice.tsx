import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { Failure } from '../../shared/cause.ts'

/** A failure in words: what happened, what to do now, and the detail for an engineer. */
export function FailureNotice({ failure, children }: { failure: Failure; children?: ReactNode }) {
  const t = useTranslations('causes')
  const label = useTranslations('shell')
  const facts = [failure.detail, failure.code, failure.requestId && `request ${failure.requestId}`].filter(
    Boolean,
  )
  return (
    <div className="notice" role="alert">
      <h2>{t(`${failure.cause}.title`)}</h2>
      <p>{t(`${failure.cause}.next`)}</p>
      {children}
      {facts.length > 0 && (
        <details>
          <summary>{label('detail')}</summary>
          <code>{facts.join(' · ')}</code>
        </details>
      )}
    </div>
  )
}
