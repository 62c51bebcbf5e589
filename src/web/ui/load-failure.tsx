import { useTranslations } from 'use-intl'
import { failureOf } from '../api/client.ts'
import { FailureNotice } from './failure-notice.tsx'

/** Shown when a page's data did not come: says why, and offers to try again. */
export function LoadFailure({ error, onRetry }: { error: unknown; onRetry: () => unknown }) {
  const t = useTranslations('shell')
  return (
    <FailureNotice
      failure={failureOf(error)}
      actions={
        <button type="button" className="button" onClick={() => void onRetry()}>
          {t('tryAgain')}
        </button>
      }
    />
  )
}
