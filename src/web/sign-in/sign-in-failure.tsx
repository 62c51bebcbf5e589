import { useState } from 'react'
import { useNow, useTranslations } from 'use-intl'
import { type Failure, retriesByItself } from '../../shared/cause.ts'
import { formatDuration } from '../ui/duration.ts'
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
          <Countdown key={failure.retryAfter} seconds={failure.retryAfter} />
        )
      }
    />
  )
}

/** Counts down until the server allows another try. */
function Countdown({ seconds }: { seconds: number }) {
  const t = useTranslations('signIn')
  const now = useNow({ updateInterval: 500 }).getTime()
  const [until] = useState(() => Date.now() + seconds * 1000)
  const left = Math.max(0, Math.ceil((until - now) / 1000))
  return (
    <span className={styles.countdown}>
      {left > 0 ? t('wait', { time: formatDuration(left) }) : t('nowAgain')}
    </span>
  )
}
