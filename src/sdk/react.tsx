import { type CSSProperties, createElement, forwardRef, useEffect, useImperativeHandle, useRef } from 'react'
import type { BmsConsoleElement } from './bms-console.ts'
import type { BmsConsoleEventMap, ConsoleSettings, GetTicket } from './types.ts'

import './bms-console.ts'

type Detail<K extends keyof BmsConsoleEventMap> = BmsConsoleEventMap[K]['detail']

export interface BmsConsoleProps extends ConsoleSettings {
  /** The console's origin, e.g. `https://console.example.com` */
  src: string
  server: string
  getTicket: GetTicket
  /** What a screen reader calls the console. */
  label?: string
  className?: string
  style?: CSSProperties
  onReady?: () => void
  onState?: (detail: Detail<'console-state'>) => void
  onTitle?: (detail: Detail<'console-title'>) => void
  onBell?: () => void
  onSize?: (detail: Detail<'console-size'>) => void
  onKey?: (detail: Detail<'console-key'>) => void
  onError?: (detail: Detail<'console-error'>) => void
  onEnded?: (detail: Detail<'console-ended'>) => void
  onTicketExpiring?: (detail: Detail<'console-ticket-expiring'>) => void
  onTrouble?: (detail: Detail<'console-trouble'>) => void
}

/** `<bms-console>` for React 18 and 19. The ref is the element, with its methods. */
export const BmsConsole = forwardRef<BmsConsoleElement, BmsConsoleProps>(function BmsConsole(props, ref) {
  const element = useRef<BmsConsoleElement>(null)
  const latest = useRef(props)
  useImperativeHandle(ref, () => {
    if (!element.current) throw new Error('bms-console is not there')
    return element.current
  }, [])
  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const target = element.current
    if (!target) return
    const listening = new AbortController()
    const on = <K extends keyof BmsConsoleEventMap>(type: K, tell: (detail: Detail<K>) => void) =>
      target.addEventListener(type, ({ detail }) => tell(detail), { signal: listening.signal })
    on('console-ready', () => latest.current.onReady?.())
    on('console-state', (detail) => latest.current.onState?.(detail))
    on('console-title', (detail) => latest.current.onTitle?.(detail))
    on('console-bell', () => latest.current.onBell?.())
    on('console-size', (detail) => latest.current.onSize?.(detail))
    on('console-key', (detail) => latest.current.onKey?.(detail))
    on('console-error', (detail) => latest.current.onError?.(detail))
    on('console-ended', (detail) => latest.current.onEnded?.(detail))
    on('console-ticket-expiring', (detail) => latest.current.onTicketExpiring?.(detail))
    on('console-trouble', (detail) => latest.current.onTrouble?.(detail))
    // The latest function is used. A new function does not mean a new console.
    target.getTicket = () => latest.current.getTicket()
    return () => listening.abort()
  }, [])
  const { src, server, theme, language, fontSize, chrome, passKeys, label, className, style } = props
  return createElement('bms-console', {
    ref: element,
    src,
    server,
    theme,
    language,
    'font-size': fontSize,
    chrome,
    'pass-keys': passKeys?.join(' '),
    label,
    // React 18 does not translate `className` for custom elements.
    class: className,
    style,
  })
})
