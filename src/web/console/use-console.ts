import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import { issueConsole } from '../api/client.ts'
import { settings } from '../settings/settings.ts'
import { ConsoleSession, type Seam } from './session/session.ts'
import { ConsoleTerminal } from './terminal/terminal.ts'
import { themes } from './terminal/themes.ts'
import { openTransport } from './transport/transport.ts'

export interface OpenConsole {
  session: ConsoleSession
  terminal: ConsoleTerminal
}

export interface ConsoleCallbacks {
  onLink(url: string): void
  seamText(seam: Seam): string
}

/**
 * Opens the server's console in the element for as long as the component stands: one terminal and one session,
 * disposed together. `callbacks` is read when called, so that other words do not reopen the line.
 */
export function useConsole(
  serverId: string,
  element: RefObject<HTMLElement | null>,
  callbacks: RefObject<ConsoleCallbacks>,
): OpenConsole | null {
  const [open, setOpen] = useState<OpenConsole | null>(null)
  useEffect(() => {
    const host = element.current
    if (!host) return
    const { fontSize, screenReader } = settings.get()
    const terminal = new ConsoleTerminal({
      theme: themes[settings.theme()],
      fontSize,
      screenReader,
      onLink: (url) => callbacks.current.onLink(url),
    })
    terminal.open(host)
    const session = new ConsoleSession({
      issue: (signal) => issueConsole(serverId, signal),
      openTransport,
      terminal,
      seamText: (seam) => callbacks.current.seamText(seam),
    })
    setOpen({ session, terminal })
    session.connect()
    terminal.focus()
    return () => {
      setOpen(null)
      session.dispose()
      terminal.dispose()
    }
  }, [serverId, element, callbacks])
  return open
}

export const useSession = (session: ConsoleSession) =>
  useSyncExternalStore(session.subscribe, session.getSnapshot)
