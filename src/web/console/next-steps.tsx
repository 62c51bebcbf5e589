import { useTranslations } from 'use-intl'
import { base } from '../base.ts'
import { ListLink } from '../user/list-link.tsx'
import { isFinal } from './session/line-status.ts'
import type { NextStepsProps } from './state-notice.tsx'

const SIGN_IN = `${base}/sign-in?${new URLSearchParams({ to: '/signed-in' })}`

/** The buttons of a failed line: sign in again, go back to the list, or reconnect. */
export function SignInOrBack({ failure, reconnect }: NextStepsProps) {
  const t = useTranslations('console')
  return (
    <>
      {failure.cause === 'sign-in-needed' && (
        // Opens another tab, so that the output stays here. That tab tells this one when the sign-in is done.
        <a className="button primary" href={SIGN_IN} target="_blank" rel="noopener">
          {t('signIn')}
        </a>
      )}
      {(isFinal(failure) || failure.cause === 'in-use') && (
        <ListLink className="button">{t('back')}</ListLink>
      )}
      {!isFinal(failure) && reconnect}
    </>
  )
}
