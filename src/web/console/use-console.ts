import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { systemClock } from '../../shared/clock.ts'
import { issueConsole, releaseConsole } from '../api/client.ts'
import { settings, useSettings, useTheme } from '../settings/settings.ts'
import { useRoundDuration } from '../ui/use-round-duration.ts'
import { chosenTheme } from './colours/theme.ts'
import { Older } from './older/older.ts'
import { lineStatus, type Machine } from './session/line-status.ts'
import type { Seam } from './session/output.ts'
import { ConsoleSession } from './session/session.ts'
import { hasKeyboard } from './session/viewers.ts'
import { usePinch } from './size/pinch.ts'
import { ConsoleTerminal } from './terminal/terminal.ts'
import { keepInput, recallInput, tabSecret } from './transport/client.ts'
import { lineOpener } from './transport/open.ts'

export interface OpenConsole {
  session: ConsoleSession
  terminal: ConsoleTerminal
  /** Leads from the terminal's oldest row into the line's log. */
  older: Older
}

export interface ConsoleCallbacks {
  onLink(url: string): void
  seamText(seam: Seam): string
}

interface ConsoleOptions {
  /** False in an embedded page: its host page decides when the console gets the focus. */
  takesFocus?: boolean
  /** False: the page says later which of its terminals a GPU draws. */
  gpu?: boolean
}

/**
 * Opens the server's console in the element while the component is mounted: one terminal and one session, disposed
 * together. `callbacks` is read at each call, so that a change of language does not reopen the line.
 */
export function useConsole(
  serverId: string,
  element: RefObject<HTMLElement | null>,
  callbacks: RefObject<ConsoleCallbacks>,
  { takesFocus = true, gpu = true }: ConsoleOptions = {},
): OpenConsole | null {
  const [open, setOpen] = useState<OpenConsole | null>(null)
  useEffect(() => {
    const host = element.current
    if (!host) return
    const { fontSize, screenReader } = settings.get()
    const terminal = new ConsoleTerminal({
      theme: chosenTheme(settings.get(), settings.theme()),
      fontSize,
      screenReader,
      gpu,
      onLink: (url) => callbacks.current.onLink(url),
    })
    terminal.open(host)
    const line = lineOpener(serverId)
    const session = new ConsoleSession({
      async issue(signal, ask, relayOnly) {
        // A duplicated tab must know that it is one before it goes on where the other was.
        const client = await tabSecret()
        const request = { client, ask, ...(relayOnly && { relayOnly }) }
        return line.ready(await issueConsole(serverId, request, signal))
      },
      async release() {
        // Nothing waits for it: the server forgets by itself, if later.
        await releaseConsole(serverId, { client: await tabSecret() }).catch(() => {})
      },
      openTransport: line.open,
      terminal,
      seamText: (seam) => callbacks.current.seamText(seam),
      memory: {
        recall: () => recallInput(serverId),
        keep: (memory) => keepInput(serverId, memory),
      },
      clock: systemClock,
      random: Math.random,
    })
    setOpen({ session, terminal, older: new Older(terminal.rows, session.times) })
    session.connect()
    if (takesFocus) terminal.focus()
    return () => {
      setOpen(null)
      session.dispose()
      terminal.dispose()
    }
  }, [serverId, element, callbacks, takesFocus, gpu])
  return open
}

export const useSession = (session: ConsoleSession) =>
  useSyncExternalStore(session.subscribe, session.getSnapshot)

export const useLineStatus = (session: ConsoleSession, machine: Machine = null) =>
  lineStatus(useSession(session), machine)

/** What the terminal and the session ask the page for. The text of a seam is in the page's language. */
export function useConsoleCallbacks(onLink: (url: string) => void): RefObject<ConsoleCallbacks> {
  const t = useTranslations('console')
  const rounded = useRoundDuration()
  const callbacks = useRef<ConsoleCallbacks>({ onLink, seamText: () => '' })
  useEffect(() => {
    callbacks.current.seamText = (seam) => {
      switch (seam.kind) {
        case 'lost':
          return t('gap', { bytes: seam.bytes })
        case 'line-lost':
        case 'not-watched':
        case 'restarted':
        case 'page-away':
          return t(`seams.${seam.kind}`, { time: seam.ms === null ? t('aWhile') : rounded(seam.ms) })
      }
    }
  }, [t, rounded])
  return callbacks
}

/** The room around the terminal's rows has the terminal's ground. */
export function useGround(): void {
  const { terminalColours, ownColours } = useSettings()
  const page = useTheme()
  useEffect(() => {
    const { background } = chosenTheme({ terminalColours, ownColours }, page)
    const { style } = document.documentElement
    style.setProperty('--term-ground', background ?? null)
    return () => void style.removeProperty('--term-ground')
  }, [terminalColours, ownColours, page])
}

/** Keeps the terminal as the settings say, and shows by its cursor whether typing is possible. */
export function useTerminalSettings({ session, terminal }: OpenConsole): void {
  const { fontSize, screenReader, terminalColours, ownColours } = useSettings()
  const page = useTheme()
  const t = useTranslations('console')
  const watching = !hasKeyboard(useSession(session).viewers)
  usePinch(terminal.frame)
  useEffect(() => {
    const theme = chosenTheme({ terminalColours, ownColours }, page)
    terminal.theme = theme
  }, [terminal, terminalColours, ownColours, page])
  useEffect(() => {
    terminal.fontSize = fontSize
  }, [terminal, fontSize])
  useEffect(() => {
    terminal.screenReader = screenReader
  }, [terminal, screenReader])
  useEffect(() => {
    terminal.watching = watching
  }, [terminal, watching])
  useEffect(() => terminal.speak(t('input'), t('tooMuch')), [terminal, t])
}
