import { Link } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { isFinal, type NextStepsProps } from './state-notice.tsx'

const SIGN_IN = `/sign-in?${new URLSearchParams({ to: '/signed-in' })}`

/** What can be done about a line that has failed, beside reading why. */
export function SignInOrBack({ failure, reconnect }: NextStepsProps) {
  const t = useTranslations('console')
  return (
    <>
      {failure.cause === 'sign-in-needed' && (
        // In another tab, which tells this one when it is done: what was shown stays.
        <a className="button primary" href={SIGN_IN} target="_blank" rel="noopener">
          {t('signIn')}
        </a>
      )}
      {isFinal(failure) ? (
        <Link to="/" className="button">
          {t('back')}
        </Link>
      ) : (
        reconnect
      )}
    </>
  )
}
