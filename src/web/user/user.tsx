import { CircleUser } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslations } from 'use-intl'
import { useUser } from '../api/queries.ts'
import { useOnDemand } from '../ui/on-demand.ts'
import styles from './user.module.css'

export interface UserProps {
  /** Only the icon, in every width */
  compact?: boolean
  /** Asks, where it must, before the page is left. */
  leave?: (then: () => void) => void
  onFocus?: () => void
}

/** Who is signed in, in every page's header, and what is theirs: a button with a menu. */
export function User(props: UserProps) {
  const user = useUser()
  const { Menu, button } = useOnDemand(() => import('./user-menu.tsx'))
  if (!user) return null
  return Menu ? (
    <Menu {...props} user={user} />
  ) : (
    <UserButton {...button} name={user.name} compact={props.compact} />
  )
}

interface UserButtonProps extends Omit<ComponentProps<'button'>, 'name'> {
  name: string
  compact: boolean | undefined
}

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
