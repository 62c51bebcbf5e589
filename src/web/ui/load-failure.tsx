import { useTranslations } from 'use-intl'
import { failureOf } from '../api/client.ts'
import { FailureNotice, NextTry } from './failure-notice.tsx'

/** Shown when a page's data did not come: says why, and offers to try again. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const t = useTranslations('shell')
  const failure = failureOf(error)
  return (
    <FailureNotice
      failure={failure}
      actions={
        <>
          <NextTry failure={failure} />
          <button type="button" className="button" onClick={() => void onRetry()}>
            {t('tryAgain')}
          </button>
        </>
      }
    />
  )
}
