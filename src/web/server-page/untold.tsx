import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import list from '../ui/list.module.css'
import { sentences } from '../ui/sentences.ts'

interface UntoldProps {
  what: 'nics' | 'volumes' | 'details'
  failure: Failure
  onRetry: () => unknown
}

/** Says what the cloud did not tell, and why. The rest of the page is there all the same. */
export function Untold({ what, failure, onRetry }: UntoldProps) {
  const t = useTranslations('server.untold')
  const causes = useTranslations('causes')
  const shell = useTranslations('shell')
  const { cause, permission } = failure
  return (
    <p className={list.dim} title={failure.detail}>
      {sentences(
        t(what),
        t('why', { cause: causes(`${cause}.title`) }),
        permission && shell('permission', { permission }),
      )}{' '}
      {retriesByItself[cause] && (
        <button type="button" className="tool" onClick={() => void onRetry()}>
          {shell('tryAgain')}
        </button>
      )}
    </p>
  )
}
