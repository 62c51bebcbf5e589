import { type ComponentProps, type ComponentType, type KeyboardEvent, useState } from 'react'

/**
 * A menu whose code and parts come with the first press of its button: a list of a thousand servers has a thousand
 * buttons, and opens one menu. Until then the button is drawn with `button`; `Menu` then takes its place, open.
 */
export function useOnDemand<P>(load: () => Promise<{ default: ComponentType<P> }>) {
  const [Menu, setMenu] = useState<ComponentType<P> | null>(null)
  // A failure leaves the button: the next press tries again.
  const ask = () => void load().then(({ default: loaded }) => setMenu(() => loaded), forget)
  const warm = () => void load().catch(forget)
  const button: ComponentProps<'button'> = {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: ask,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      ask()
    },
    onPointerEnter: warm,
    onFocus: warm,
  }
  return { Menu, button }
}

const forget = () => {}
