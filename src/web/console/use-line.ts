import type { Server } from '../../shared/server.ts'
import { useTerminalFont } from './fonts/use-terminal-font.ts'
import { useLeaveWarning } from './guard/leave-warning.ts'
import { useKeyboardSettings } from './keys/use-keyboard.ts'
import { usePasteNews } from './paste/use-paste-news.ts'
import { type LineStatus, type Machine, mayType } from './session/line-status.ts'
import { useNews } from './sharing/use-news.ts'
import { useSignInAgain } from './sign-in-again.ts'
import { type OpenConsole, useLineStatus, useTerminalSettings } from './use-console.ts'
import { useFollowServer } from './use-follow-server.ts'
import { useConnectWhenReady } from './use-server.ts'
import { useUnreadable } from './use-unreadable.ts'

interface LineOnPage {
  open: OpenConsole
  serverId: string
  server: Server | undefined
  machine: Machine
  /** Shows one short sentence about what just happened. */
  announce: (sentence: string) => void
}

/** What each console of a page does by itself, whether it is seen or not. @returns how its line is */
export function useLine({ open, serverId, server, machine, announce }: LineOnPage): LineStatus {
  const { session } = open
  const status = useLineStatus(session, machine)
  useSignInAgain(session)
  useFollowServer(serverId, session)
  useConnectWhenReady(session, server)
  useTerminalSettings(open)
  useTerminalFont(open.terminal)
  useKeyboardSettings(open, serverId, announce)
  useLeaveWarning(status.kind !== 'silent' && mayType(status))
  useNews(session, announce)
  usePasteNews(session, announce)
  useUnreadable(session, announce)
  return status
}
