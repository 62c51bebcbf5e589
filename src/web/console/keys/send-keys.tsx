import { useOnDemand } from '../../ui/on-demand.ts'
import { SendKeysButton, type SendKeysProps } from './send-keys-button.tsx'

/** A button with a menu of keys that a keyboard lacks, or that the browser would take for itself. */
export function SendKeys(props: SendKeysProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./send-keys-menu.tsx'))
  return Menu ? (
    <Menu {...props} byKeyboard={byKeyboard} />
  ) : (
    <SendKeysButton why={props.disabled} {...button} />
  )
}
