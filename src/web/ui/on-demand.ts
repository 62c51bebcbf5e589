import { type ComponentProps, type ComponentType, useState } from 'react'

/** What a menu that comes on demand is told, beside its own. */
export interface OnDemand {
  /** The press was a key's: the first item is to have the focus. */
  byKeyboard: boolean
}

/**
 * A menu whose code and parts come with the first press of its button: a list of a thousand servers has a thousand
 * buttons, and opens one menu. Until then the button is drawn with `button`; `Menu` then takes its place, open.
 */
export function useOnDemand<P extends OnDemand>(load: () => Promise<{ default: ComponentType<P> }>) {
  const [loaded, setLoaded] = useState<{ Menu: ComponentType<P>; byKeyboard: boolean } | null>(null)
  const ask = (byKeyboard: boolean) =>
    // A failure leaves the button: the next press tries again.
    void load().then(({ default: Menu }) => setLoaded({ Menu, byKeyboard }), forget)
  const warm = () => void load().catch(forget)
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

const forget = () => {}
