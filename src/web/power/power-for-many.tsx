import { useOnDemand } from '../ui/on-demand.ts'
import { ManyButton, type ManyProps } from './many-button.tsx'

/** Powers several servers on or off, or reboots them: for a selection in the list. */
export function PowerForMany(props: ManyProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./many-menu.tsx'))
  return Menu ? <Menu {...props} byKeyboard={byKeyboard} /> : <ManyButton {...props} {...button} />
}
