import { Eye } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../shared/server.ts'
import styles from './watch.module.css'

/** Says that the server's line is held open with nobody there. */
export function WatchedMark({ server }: { server: Pick<Server, 'watched'> | undefined }) {
  const t = useTranslations('watch')
  if (!server?.watched) return null
  return (
    <span className={styles.mark} title={t('title')}>
      <Eye size={12} aria-hidden /> {t('watched')}
    </span>
  )
}
