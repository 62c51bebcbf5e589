import { ChevronDown, type LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { withKeys } from '../shortcuts/use-shortcut-keys.ts'

interface BarButtonProps extends ComponentProps<'button'> {
  label: string
  Icon: LucideIcon
  /** The key that does the same. */
  keys?: string | undefined
  /** Why it cannot be used now. */
  why?: string | undefined
}

/** Clicking keeps the focus in the terminal, where the next key belongs. Tab still reaches the button. */
export const keepFocus = (event: { preventDefault(): void }) => event.preventDefault()

/** A tool with its name. Where there is little room only the icon is seen, and the name is its tooltip. */
export function BarButton({ label, Icon, keys, why, ...rest }: BarButtonProps) {
  return (
    <button
      type="button"
      className="tool"
      aria-label={label}
      title={why ?? withKeys(label, keys)}
      disabled={why !== undefined}
      onMouseDown={keepFocus}
      {...rest}
    >
      <Icon size={16} aria-hidden />
      <span className="word">{label}</span>
    </button>
  )
}

interface MenuButtonProps extends ComponentProps<'button'> {
  label: string
  /** The icon alone is seen. */
  Icon?: LucideIcon | undefined
}

/** A menu's button. It stands alone until its first press loads the menu. */
export function MenuButton({ label, Icon, ...rest }: MenuButtonProps) {
  return Icon ? (
    <button type="button" className="icon" aria-label={label} title={label} {...rest}>
      <Icon size={18} aria-hidden />
    </button>
  ) : (
    <button type="button" className="tool" {...rest}>
      {label} <ChevronDown size={14} aria-hidden />
    </button>
  )
}
