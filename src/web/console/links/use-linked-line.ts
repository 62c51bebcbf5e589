import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { systemClock } from '../../../shared/clock.ts'
import { useMayReadLog } from '../older/use-may-read-log.ts'
import { type OpenConsole, useSession } from '../use-console.ts'
import { findLine, type LineLink } from './line-link.ts'
import { linesOf } from './lines-of.ts'
import { LinkedRow } from './linked-row.ts'

/** All that a relay keeps is drawn within this. What a person waits for longer, they have given up. */
const PATIENCE_MS = 15_000

/** Brings the line to view that the page's address names: in the terminal, or in the log where that no longer has it. */
export function useLinkedLine(
  open: OpenConsole,
  link: LineLink | null,
  announce: (sentence: string) => void,
): void {
  const t = useTranslations('lineLinks')
  const { transport } = useSession(open.session)
  const mayReadLog = useMayReadLog()
  const [at, session] = [link?.at ?? null, link?.session ?? null]
  const say = useRef({ t, announce, mayReadLog })
  say.current = { t, announce, mayReadLog }
  useEffect(() => {
    if (at === null || transport === null) return
    const tell = (word: 'direct' | 'gone' | 'covered') => say.current.announce(say.current.t(word))
    if (transport === 'direct') return tell('direct')
    const { terminal, older, session: line } = open
    let linked: LinkedRow | null = null
    let cancel = () => {}
    const stops: (() => void)[] = []
    const done = () => {
      cancel()
      for (const stop of stops.splice(0)) stop()
    }
    const look = () => {
      const found = findLine({ at, session }, linesOf(open))
      switch (found.kind) {
        case 'waits':
          // The person waits for the relay's answer, and then for what it has kept.
          return
        case 'gone':
          done()
          return tell('gone')
        case 'older':
          done()
          if (!say.current.mayReadLog) return tell('gone')
          if (older.showFrom(at, true).kind === 'unknown') tell('gone')
          return
        case 'row':
          done()
          if (terminal.fullScreen) return tell('covered')
          terminal.screen.scrollTo(Math.max(0, found.row - 2))
          linked = new LinkedRow(terminal, found.row)
      }
    }
    stops.push(terminal.onWritten(look), line.subscribe(look))
    cancel = systemClock.after(PATIENCE_MS, () => {
      done()
      tell('gone')
    })
    look()
    return () => {
      done()
      linked?.dispose()
    }
  }, [open, at, session, transport])
}
