import * as Menu from '@radix-ui/react-dropdown-menu'
import { type ReactNode, useRef } from 'react'
import type { OnDemand } from './on-demand.ts'

interface MenuContentProps extends OnDemand {
  className?: string | undefined
  /** Gives the focus back where the button shall not have it. */
  onFocus?: (() => void) | undefined
  children: ReactNode
}

/** The items of a menu that came on demand, under its button. */
export function MenuContent({ byKeyboard, className, onFocus, children }: MenuContentProps) {
  // Radix gives a menu that a key opened its first item, but did not see the key that brought this one.
  const toFirst = useRef(byKeyboard)
  return (
    <Menu.Portal>
      <Menu.Content
        className={`menu ${className ?? ''}`}
        align="end"
        sideOffset={6}
        collisionPadding={8}
        onFocus={({ target, currentTarget }) => {
          if (!toFirst.current || target !== currentTarget) return
          toFirst.current = false
          currentTarget.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus()
        }}
        onCloseAutoFocus={(event) => {
          if (!onFocus) return
          event.preventDefault()
          onFocus()
        }}
      >
        {children}
      </Menu.Content>
    </Menu.Portal>
  )
}
