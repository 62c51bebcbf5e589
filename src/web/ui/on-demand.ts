import { type ComponentProps, type ComponentType, useState } from 'react'
import { loadPart } from './load-part.ts'

/** The extra props of a menu that is loaded on demand. */
export interface OnDemand {
  /** A key opened the menu, so the first item gets the focus. */
  byKeyboard: boolean
}

/**
 * Loads a menu at the first press of its button. A list of a thousand servers has a thousand buttons, and opens one
 * menu. Until then the button is drawn with the props of `button`. Then `Menu` takes its place, already open.
 */
export function useOnDemand<P extends OnDemand>(load: () => Promise<{ default: ComponentType<P> }>) {
  const [loaded, setLoaded] = useState<{ Menu: ComponentType<P>; byKeyboard: boolean } | null>(null)
  const ask = (byKeyboard: boolean) => loadPart(load, ({ default: Menu }) => setLoaded({ Menu, byKeyboard }))
  const warm = () => void load().catch(() => {})
  const button: ComponentProps<'button'> = {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    // A key's click counts no presses of a pointer: https://www.w3.org/TR/uievents/#event-type-click
    onClick: (event) => ask(event.detail === 0),
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      ask(true)
    },
    onPointerEnter: warm,
    onFocus: warm,
  }
  return { Menu: loaded?.Menu ?? null, byKeyboard: loaded?.byKeyboard ?? false, button }
}
