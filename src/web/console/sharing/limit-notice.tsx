import { Timer } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { formatDuration } from '../../ui/duration.ts'
import { Notice } from '../../ui/notice.tsx'
import { useMoment } from '../../ui/use-moment.ts'
import styles from '../console.module.css'
import { leftOf } from '../session/model.ts'
import type { ConsoleSession } from '../session/session.ts'
import { useSession } from '../use-console.ts'

/** Warns that the session ends soon, and offers to stay. */
export function LimitNotice({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console')
  const { warning } = useSession(session)
  const now = useMoment(() => warning !== null)
  if (!warning) return null
  const left = Math.ceil(leftOf(warning.ends, now) / 1000)
  return (
    <Notice
      Icon={Timer}
      tone="warn"
      title={t(`limits.${warning.limit}.title`)}
      next={t(`limits.${warning.limit}.next`)}
    >
      <span className={styles.countdown}>{t('endsIn', { time: formatDuration(left) })}</span>
      <button
        type="button"
        className="button primary"
        onClick={() => {
          session.stayConnected()
          onFocus()
        }}
      >
        {t('stay')}
      </button>
    </Notice>
  )
}
