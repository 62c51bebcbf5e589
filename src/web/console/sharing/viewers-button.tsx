import { UsersRound } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import styles from '../console.module.css'
import type { ConsoleSession } from '../session/session.ts'
import type { Viewers } from '../session/viewers.ts'

export interface ViewersProps {
  session: ConsoleSession
  viewers: Viewers
  onEnd: () => void
  onFocus: () => void
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function ViewersButton({ count, ...rest }: ComponentProps<'button'> & { count: number }) {
  const t = useTranslations('console')
  const words = t('viewers', { count })
  return (
    <button type="button" className={styles.viewers} aria-label={words} title={words} {...rest}>
      <UsersRound size={15} aria-hidden />
      <span className={styles.count}>{count}</span>
      <span className={styles.countWords}>{words}</span>
    </button>
  )
}
