import { useTranslations } from 'use-intl'
import styles from './console.module.css'
import { badgeOf, type LineStatus } from './session/line-status.ts'

/** Says in one word how the line is. */
export function LineBadge({ status, title }: { status: LineStatus; title?: string | undefined }) {
  const t = useTranslations('console')
  const badge = badgeOf(status)
  return (
    <span
      className={styles.state}
      data-state={badge}
      data-failed={badge === 'ended' && status.kind === 'failed'}
      title={title}
    >
      {t(badge)}
    </span>
  )
}
