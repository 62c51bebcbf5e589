import { type ComponentType, useCallback, useState } from 'react'
import { loadPart } from '../../ui/load-part.ts'
import type { OpenConsole } from '../use-console.ts'
import type { BarDialogProps, LoadDialog } from './bar-item.ts'

interface Shown {
  Dialog: ComponentType<BarDialogProps>
  /** What had the focus before */
  from: Element | null
}

/** The dialog that an item of the bar, or another tool of the console, has opened. */
export function useDialog(open: OpenConsole, serverId: string) {
  const [shown, setShown] = useState<Shown | null>(null)
  const show = useCallback((load: LoadDialog) => {
    const from = document.activeElement
    loadPart(load, ({ default: Dialog }) => setShown({ Dialog, from }))
  }, [])
  const focus = (from: Element | null) => {
    // The menu that opened it is gone.
    const back =
      from instanceof HTMLElement && from.isConnected && from !== document.body ? from : open.terminal
    back.focus()
  }
  const dialog = shown && (
    <shown.Dialog
      open={open}
      serverId={serverId}
      onClose={() => setShown(null)}
      onFocus={() => focus(shown.from)}
    />
  )
  return { dialog, show }
}
