import type { Server } from '../../shared/server.ts'
import { Power } from '../power/power.tsx'
import { Bar } from './bar/bar.tsx'
import type { OpenConsole } from './use-console.ts'

interface ConsoleBarProps {
  open: OpenConsole
  serverId: string
  name: string
  server: Server | undefined
  /** Takes in a pasted text. */
  receive: (text: string) => void
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
  /** Opens the search. */
  onFind: () => void
  onDisconnect: () => void
}

/** The bar of one console, wherever on a page it is. The terminal has the focus again after each of its tools. */
export function ConsoleBar({ server, receive, ...props }: ConsoleBarProps) {
  const { open, announce } = props
  const onFocus = () => open.terminal.focus()
  return (
    <Bar
      {...props}
      server={server}
      onPaste={(text) => {
        receive(text)
        onFocus()
      }}
      power={server && <Power worded server={server} announce={announce} onFocus={onFocus} />}
    />
  )
}
