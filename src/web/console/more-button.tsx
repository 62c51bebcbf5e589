import { Ellipsis, type LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import styles from './console.module.css'

/** A tool. It is a button where there is room, and an item of the menu where there is not. */
export interface Tool {
  label: string
  Icon: LucideIcon
  run: () => void
  /** Set only for a switch. */
  pressed?: boolean
  /** People use it several times in a row, so its menu stays open. */
  repeats?: boolean
  /** Why it cannot be used now. */
  disabled?: string | undefined
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function MoreButton(props: ComponentProps<'button'>) {
  const t = useTranslations('console')
  return (
    <button
      type="button"
      className={`icon ${styles.more}`}
      aria-label={t('more')}
      title={t('more')}
      {...props}
    >
      <Ellipsis size={18} aria-hidden />
    </button>
  )
}
