import { useEffect, useSyncExternalStore } from 'react'
import { serverSettings, useServerSettings } from '../../settings/server-settings.ts'
import type { FrameState } from '../terminal/frame.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import type { OpenConsole } from '../use-console.ts'
import { sizeCommand } from './match.ts'
import type { SizeChoice } from './size-choice.ts'

export const useFrame = ({ frame }: ConsoleTerminal): FrameState =>
  useSyncExternalStore(frame.subscribe, () => frame.state)

/** Keeps the terminal as large as was chosen for this server. */
export function useTerminalSize({ terminal }: OpenConsole, serverId: string): void {
  const { size } = useServerSettings(serverId)
  useEffect(() => terminal.frame.choose(size), [terminal, size])
}

export const chooseSize = (serverId: string, size: SizeChoice) => serverSettings.set(serverId, { size })

/** Types the command that tells the machine the terminal's size. */
export function typeSize({ session, terminal }: OpenConsole): void {
  session.sendText(terminal.keyboard.pasted(`${sizeCommand(terminal.frame.state.shown)}\r`))
}
