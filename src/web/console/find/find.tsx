import { type ComponentType, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { loadPart } from '../../ui/load-part.ts'
import type { OpenConsole } from '../use-console.ts'
import type { FindBarProps } from './find-bar.tsx'
import type { FindQuery } from './matching.ts'

interface Shown {
  /** Null while it loads. */
  FindBar: ComponentType<FindBarProps> | null
  asked: number
}

export interface Find {
  shown: Shown | null
  show: () => void
  hide: () => void
}

/** The search of a console's scrollback. It loads when it is opened. */
export function useFind(): Find {
  const [shown, setShown] = useState<Shown | null>(null)
  const show = useCallback(() => {
    setShown((before) => ({ FindBar: before?.FindBar ?? null, asked: (before?.asked ?? 0) + 1 }))
    loadPart(
      () => import('./find-bar.tsx'),
      ({ default: FindBar }) => setShown((before) => ({ asked: 1, ...before, FindBar })),
      () => setShown(null),
    )
  }, [])
  const hide = useCallback(() => setShown(null), [])
  return { shown, show, hide }
}

interface FindPanelProps {
  open: OpenConsole
  /** The page that searches all that is kept of the line. Null: there is none for this person. */
  historyOf: FindBarProps['historyOf']
  find: Find
}

/** Where the search is, once it is opened. */
export function FindPanel({ open, historyOf, find: { shown, hide } }: FindPanelProps) {
  const last = useRef<FindQuery>({ text: '', regex: false, matchCase: false })
  const typed = useRef('')
  const waiting = shown?.FindBar === null
  const waited = useRef(false)
  useEffect(() => {
    if (shown === null && waited.current) open.terminal.focus()
    waited.current = waiting
  }, [shown, waiting, open])
  if (!shown) return null
  if (!shown.FindBar) {
    return (
      <Waiting
        onType={(text) => {
          typed.current = text
        }}
      />
    )
  }
  const first = typed.current
  return (
    <shown.FindBar
      terminal={open.terminal}
      first={first}
      last={last}
      asked={shown.asked}
      historyOf={historyOf}
      onClose={() => {
        typed.current = ''
        hide()
      }}
    />
  )
}

/** Takes what is typed before the search has loaded: it is not meant for the server. */
function Waiting({ onType }: { onType: (text: string) => void }) {
  const t = useTranslations('find')
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => input.current?.focus(), [])
  return (
    <input
      ref={input}
      className="unseen"
      aria-label={t('label')}
      onChange={(event) => onType(event.target.value)}
    />
  )
}
