import { useOnDemand } from '../../ui/on-demand.ts'
import { useDialog } from '../bar/use-dialog.tsx'
import type { OpenConsole } from '../use-console.ts'
import { SizeButton } from './size-button.tsx'
import { useTerminalSize } from './use-size.ts'

interface SizeChipProps {
  open: OpenConsole
  serverId: string
}

/** Shows how large the terminal is. A click opens the choices. */
export function SizeChip({ open, serverId }: SizeChipProps) {
  const { Menu, byKeyboard, button } = useOnDemand(() => import('./size-menu.tsx'))
  const { dialog, show } = useDialog(open, serverId)
  useTerminalSize(open, serverId)
  return (
    <>
      {Menu ? (
        <Menu open={open} serverId={serverId} show={show} byKeyboard={byKeyboard} />
      ) : (
        <SizeButton open={open} {...button} />
      )}
      {dialog}
    </>
  )
}
