import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { OpenConsole } from '../use-console.ts'

interface Common {
  label: string
  Icon: LucideIcon
  /** Why it cannot be used now. */
  disabled?: string | undefined
}

/** Does something. */
interface Action extends Common {
  kind: 'action'
  run: () => void
  /** People use it several times in a row, so its menu stays open. */
  repeats?: boolean
  /** The key that does the same, as this keyboard names it. */
  keys?: string | undefined
}

/** Is on or off. */
interface Switch extends Common {
  kind: 'switch'
  on: boolean
  toggle: () => void
}

/** Is one of several. It opens a menu of its own. */
export interface Choice extends Common {
  kind: 'choice'
  options: readonly { value: string; label: string }[]
  value: string
  choose: (value: string) => void
}

/**
 * An item of the bar's menus. A feature has a hook in its own folder, such as `useTimesItems(bar): BarItem[]`, and one
 * line in `view-items.ts` or `session-items.ts` includes it.
 */
export type BarItem = Action | Switch | Choice

/** What an item may need. */
export interface BarContext {
  open: OpenConsole
  serverId: string
  /** The server's name */
  name: string
  /** Shows one short sentence about what an item did or could not do. */
  announce: (sentence: string) => void
  /** Loads a dialog and shows it. */
  show: (load: LoadDialog) => void
}

export type LoadDialog = () => Promise<{ default: ComponentType<BarDialogProps> }>

export interface BarDialogProps {
  open: OpenConsole
  serverId: string
  onClose: () => void
  /** Gives the focus back to the terminal. */
  onFocus: () => void
}
