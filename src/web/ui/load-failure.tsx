import { useTranslations } from 'use-intl'
import { failureOf } from '../api/client.ts'
import { FailureNotice } from './failure-notice.tsx'

/** What a page says whose data did not come: why, and the way to ask again. */
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
