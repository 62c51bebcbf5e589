import { CircleUser } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import styles from './user.module.css'

export interface UserProps {
  /** Only the icon, at every width */
  compact?: boolean
  /** Asks, where it must, before a sign-out ends what the page shows. */
  leave?: (then: () => void) => void
  /** Puts the focus elsewhere than on the button once the menu or the dialog is gone. */
  onFocus?: () => void
}

interface UserButtonProps extends Omit<ComponentProps<'button'>, 'name'> {
  name: string
  compact: boolean | undefined
}

/** The menu's button. It stands alone until its first press loads the menu. */
export function UserButton({ name, compact = false, ...rest }: UserButtonProps) {
  const t = useTranslations('user')
  return (
    <button
      type="button"
      className={`icon ${(compact ? styles.compact : styles.user) ?? ''}`}
      aria-label={t('menuOf', { name })}
      title={name}
      {...rest}
    >
      <CircleUser size={18} aria-hidden />
      {!compact && <span>{name}</span>}
    </button>
  )
}
