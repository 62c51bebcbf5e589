import { useQuery } from '@tanstack/react-query'
import { ArrowDownToLine } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { systemClock } from '../../../shared/clock.ts'
import { failureOf } from '../../api/client.ts'
import { type DisplayRow, displayRows } from '../../history/display-rows.ts'
import { LogReading } from '../../history/log-reading.ts'
import { LogView, type Sight } from '../../history/log-view.tsx'
import { readLines, summaryQuery } from '../../history/queries.ts'
import { enLogPages } from '../../locales/en-logs.ts'
import { withWords } from '../../locales/more-words.tsx'
import { useSettings } from '../../settings/settings.ts'
import { onMac } from '../platform.ts'
import type { OpenConsole } from '../use-console.ts'
import styles from './older.module.css'
import { endAt, type OlderState } from './older.ts'
import { typedKey } from './typed-key.ts'
import { type Place, usePlace } from './use-place.ts'
import { useReadOn } from './use-read-on.ts'
import { wrapLines } from './wrap.ts'

interface OlderViewProps {
  open: OpenConsole
  serverId: string
  state: Extract<OlderState, { kind: 'older' }>
  announce: (sentence: string) => void
}

/**
 * Older lines of the log over the terminal, in its font and colours, wrapped at its columns. Behind the last one the terminal's own rows follow,
 * as many as fill the place: so it looks the same where one takes the place of the other.
 */
function OlderView({ open, serverId, state, announce }: OlderViewProps) {
  const { older, terminal } = open
  const t = useTranslations('older')
  const links = useTranslations('lineLinks')
  const causes = useTranslations('causes')
  const { times } = useSettings()
  const { data: summary } = useQuery(summaryQuery(serverId))
  const reading = useReading(serverId, state)
  const read = useSyncExternalStore(reading.subscribe, reading.state)
  const box = useRef<HTMLDivElement>(null)
  const place = usePlace(terminal)
  const isRead = read.kind === 'read'
  const isEmpty = isRead && read.window.rows.length === 0 && read.window.before === null && read.window.atEnd
  const failed = read.kind === 'failed' ? read.failure : null

  useEffect(() => {
    if (!isEmpty && !failed) return
    announce(failed ? t('failed', { cause: causes(`${failed.cause}.title`) }) : t('none'))
    older.close()
  }, [isEmpty, failed, older, announce, t, causes])
  // The first line that is kept is another one then.
  const linkedIsGone =
    state.linked && state.from !== null && summary !== undefined && summary.start > state.from
  useEffect(() => {
    if (linkedIsGone) announce(links('gone'))
  }, [linkedIsGone, announce, links])
  useEffect(() => {
    // It may have lost rows that the log has now.
    if (isRead) void reading.newer()
    void state.until
  }, [reading, isRead, state.until])
  useEffect(() => {
    if (isRead) box.current?.focus({ preventScroll: true })
  }, [isRead])
  const back = () => {
    older.close()
    terminal.screen.scrollToEnd()
    terminal.focus()
  }
  useReadOn(box, isRead, () => {
    // Newer lines are on their way.
    if (read.kind !== 'read' || !read.window.atEnd) return
    const row = older.readOn()
    if (row === null) return
    terminal.screen.scrollTo(row)
    terminal.focus()
  })

  const rows = useMemo((): DisplayRow[] => {
    if (read.kind !== 'read') return []
    const { window } = read
    const shown = displayRows(window.rows, summary?.boots ?? [])
    return [
      ...(window.before === null ? [{ kind: 'begin', key: 'begin' } as const] : []),
      ...wrapLines(shown, place.columns),
      ...(window.atEnd ? liveRows(open, place) : []),
    ]
  }, [read, summary, open, place])
  if (read.kind !== 'read' || isEmpty) return null
  const { window, target, opened, older: before, newer } = read
  const begin = target && rows.find((row) => row.kind === 'line' && row.line === target)
  const see = ({ nearBegin, nearEnd }: Sight) => {
    if (nearBegin && before === 'idle') void reading.older()
    if (nearEnd && newer === 'idle' && !window.atEnd) void reading.newer()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const page = place.rows - 1
    // A button in here has its own use for Enter.
    const typed = event.target === box.current ? typedKey(event.nativeEvent, isSelected(), onMac) : null
    if (typed) {
      back()
      if (typed === 'focus') return
      if ('text' in typed) terminal.typeText(typed.text)
      else terminal.keyboard.press(typed.name, typed.modifiers)
    } else if (event.key === 'Escape') back()
    else if (event.shiftKey && event.key === 'PageUp') box.current?.scrollBy(0, -page * place.rowPx)
    else if (event.shiftKey && event.key === 'PageDown') box.current?.scrollBy(0, page * place.rowPx)
    else return
    event.preventDefault()
  }
  /** What is pasted is for the line, and goes the terminal's way. */
  const onPaste = ({ clipboardData }: ClipboardEvent) => {
    back()
    const init = { clipboardData, bubbles: true, cancelable: true }
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', init))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its log has the focus, and these keys come from there
    <div
      className={styles.older}
      data-times={times !== 'off'}
      style={place.style}
      onKeyDown={onKeyDown}
      onPaste={(event) => onPaste(event.nativeEvent)}
    >
      <div className={styles.rows}>
        <LogView
          rows={rows}
          target={begin?.key ?? null}
          marked={state.linked && !linkedIsGone}
          opened={opened}
          box={box}
          onSight={see}
          rowPx={place.rowPx}
          above={state.above}
          sticks={false}
        />
      </div>
      <p className={styles.way}>
        <span role="status">
          {typeof before === 'string'
            ? t('reading')
            : t('failed', { cause: causes(`${before.cause}.title`) })}
        </span>
        <button type="button" className="button" onClick={back}>
          <ArrowDownToLine size={15} aria-hidden /> {t('back')} <kbd aria-hidden>Esc</kbd>
        </button>
      </p>
    </div>
  )
}

/** Ctrl+C copies then. */
const isSelected = () => window.getSelection()?.isCollapsed === false

/** The log up to where the terminal goes on. That place moves on when the terminal loses rows. */
function useReading(serverId: string, { until, from }: OlderViewProps['state']): LogReading {
  const end = useRef(until)
  end.current = until
  const [begin] = useState({ from, until })
  const [reading] = useState(
    () =>
      new LogReading({
        ask: async (place, signal) => endAt(await readLines(serverId, place, signal), end.current),
        failureOf,
        clock: systemClock,
      }),
  )
  useEffect(() => {
    void reading.open(begin.from === null ? { before: begin.until } : { from: begin.from })
    return () => reading.close()
  }, [reading, begin])
  return reading
}

/** The terminal's rows from where the log is left. None while the log is read on for rows that went meanwhile. */
function liveRows({ terminal, session, older }: OpenConsole, { rows }: Place): DisplayRow[] {
  const { row } = older
  if (row === null) return []
  return terminal.screen.textOf(row, rows).map((text, index) => {
    const at = terminal.rows.lineAt(row + index)
    const time = at === null ? null : session.times.timeAt(at)
    return {
      kind: 'live',
      key: `live ${index}`,
      text,
      time: time === null ? null : new Date(time).toISOString(),
    }
  })
}

export default withWords(enLogPages, OlderView)
