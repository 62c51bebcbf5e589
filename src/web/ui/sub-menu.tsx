import * as Menu from '@radix-ui/react-dropdown-menu'
import { ChevronRight, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface SubMenuProps {
  label: string
  Icon?: LucideIcon
  /** What is chosen in it */
  chosen?: string | undefined
  children: ReactNode
}

/** Opens beside its menu, or over it on a narrow screen. */
export function SubMenu({ label, Icon, chosen, children }: SubMenuProps) {
  const narrow = window.matchMedia('(max-width: 760px)').matches
  // What was chosen stays in sight above it: an item has this height.
  const below = window.matchMedia('(pointer: coarse)').matches ? 44 : 32
  return (
    <Menu.Sub>
      <Menu.SubTrigger className="menuItem">
        {Icon && <Icon size={16} aria-hidden />}
        {label}
        {chosen !== undefined && <small>{chosen}</small>}
        <ChevronRight className={chosen === undefined ? 'end' : undefined} size={15} aria-hidden />
      </Menu.SubTrigger>
      <Menu.Portal>
        <Menu.SubContent
          className={narrow ? 'menu menuOver' : 'menu'}
          collisionPadding={8}
          // Nothing of it leaves the page: `.menuOver` has this width.
          sideOffset={narrow ? -288 : 4}
          alignOffset={narrow ? below : -6}
        >
          {children}
        </Menu.SubContent>
      </Menu.Portal>
    </Menu.Sub>
  )
}
