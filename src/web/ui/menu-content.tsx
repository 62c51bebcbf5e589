import * as Menu from '@radix-ui/react-dropdown-menu'
import { type ComponentProps, useRef } from 'react'
import type { OnDemand } from './on-demand.ts'

interface MenuContentProps
  extends OnDemand,
    Pick<ComponentProps<'div'>, 'className' | 'children' | 'aria-describedby'> {
  /** Puts the focus elsewhere than on the button when the menu closes. */
  onFocus?: (() => void) | undefined
}

/** The items of a menu that was loaded on demand. They open under its button. */
export function MenuContent({ byKeyboard, className, onFocus, ...rest }: MenuContentProps) {
  // Radix focuses the first item when a key opened the menu. It did not see the key that loaded this one.
  const toFirst = useRef(byKeyboard)
  return (
    <Menu.Portal>
      <Menu.Content
        {...rest}
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
      />
    </Menu.Portal>
  )
}
