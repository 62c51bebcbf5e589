import { useOnDemand } from '../../ui/on-demand.ts'
import { ViewersButton, type ViewersProps } from './viewers-button.tsx'

/** How many viewers the line has: a button with a menu. */
export function Viewers(props: ViewersProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./viewers-menu.tsx'))
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} />
  ) : (
    <ViewersButton count={props.viewers.all.length} {...button} />
  )
}
