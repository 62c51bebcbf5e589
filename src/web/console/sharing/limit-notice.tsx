import { Timer } from 'lucide-react'
import { useNow, useTranslations } from 'use-intl'
import { formatDuration } from '../../ui/duration.ts'
import { Notice } from '../../ui/notice.tsx'
import styles from '../console.module.css'
import type { ConsoleSession } from '../session/session.ts'
import { useSession } from '../use-console.ts'

/** Warns that the session ends soon, and offers to stay. */
export function LimitNotice({ session, onFocus }: { session: ConsoleSession; onFocus: () => void }) {
  const t = useTranslations('console')
  const { warning } = useSession(session)
  const now = useNow({ updateInterval: 500 }).getTime()
  if (!warning) return null
  const left = Math.max(0, Math.ceil((warning.endsAt - now) / 1000))
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
