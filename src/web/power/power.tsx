import { useOnDemand } from '../ui/on-demand.ts'
import { PowerButton, type PowerProps } from './power-button.tsx'

/** Powers a server on and off, and reboots it: a button with a menu. */
export function Power(props: PowerProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./power-menu.tsx'))
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} />
  ) : (
    <PowerButton server={props.server} worded={props.worded} {...button} />
  )
}
