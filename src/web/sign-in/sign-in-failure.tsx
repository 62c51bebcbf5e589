import { useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import { Countdown } from '../ui/countdown.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import styles from './sign-in.module.css'

/** Why a sign-in did not work. Nothing is tried again by itself here. */
export function SignInFailure({ failure }: { failure: Failure }) {
  const t = useTranslations('signIn')
  const causes = useTranslations('causes')
  const words = retriesByItself[failure.cause]
    ? { words: { title: causes(`${failure.cause}.title`), next: t('tryAgain') } }
    : {}
  return (
    <FailureNotice
      failure={failure}
      {...words}
      actions={
        failure.retryAfter !== undefined && (
          <Countdown
            key={failure.retryAfter}
            seconds={failure.retryAfter}
            waiting={(time) => t('wait', { time })}
            over={t('nowAgain')}
            className={styles.countdown}
          />
        )
      }
    />
  )
}
