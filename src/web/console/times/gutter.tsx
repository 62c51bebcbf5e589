import { useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useSettings } from '../../settings/settings.ts'
import { useRoundDuration } from '../../ui/use-round-duration.ts'
import type { OpenConsole } from '../use-console.ts'
import styles from './gutter.module.css'
import { type RowTime, rowTimes, SILENT_MS, since } from './row-times.ts'

/** A clock that differs by less than this is right. What the relay says may be under way for as long. */
const CLOCK_MS = 5_000

/** What one row of the gutter shows. */
interface Label {
  time: number
  text: string
  /** How long nothing came before it */
  silent: string | null
  /** The line before it has another time. */
  isNew: boolean
}

/** The times of the rows in view, beside the terminal. It draws once a frame at most, after the terminal has. */
export default function Gutter({ open: { session, terminal } }: { open: OpenConsole }) {
  const t = useTranslations('rowTimes')
  const format = useFormatter()
  const rounded = useRoundDuration()
  const { times: mode } = useSettings()
  const host = useRef<HTMLDivElement>(null)
  const [aheadMs, setAheadMs] = useState<number | null>(session.times.aheadMs)
  useEffect(() => {
    const element = host.current
    if (!element) return
    const clock = (time: number) =>
      format.dateTime(time, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    const labelOf = ({ time, sinceMs }: RowTime): Label => ({
      time,
      text: mode === 'clock' ? clock(time) : sinceMs === null ? '' : since(sinceMs),
      silent: sinceMs !== null && sinceMs >= SILENT_MS ? t('silent', { time: rounded(sinceMs) }) : null,
      isNew: sinceMs === null || sinceMs >= 1_000,
    })
    const title = (time: number) =>
      `${format.dateTime(time, { dateStyle: 'medium', timeStyle: 'long' })}\n${t(session.times.aheadMs === null ? 'by.page' : 'by.server')}`
    const drawing = new Drawing(element, title)
    let frame = 0
    const draw = () => {
      frame = 0
      setAheadMs(session.times.aheadMs)
      const area = terminal.screen.area
      const rows = rowTimes(terminal.rows, session.times)
      if (!area) return
      const top = area.top - element.getBoundingClientRect().top
      drawing.draw(
        rows.map((row) => row && labelOf(row)),
        top,
        rows.length > 0 ? area.height / rows.length : 0,
      )
    }
    const drawSoon = () => {
      if (frame === 0) frame = requestAnimationFrame(draw)
    }
    const stops = [terminal.screen.onDrawn(drawSoon), session.times.subscribe(drawSoon)]
    // Above a keyboard on the screen, what is seen of the terminal moves.
    const moving = new AbortController()
    element.closest('main')?.addEventListener('scroll', drawSoon, { capture: true, signal: moving.signal })
    drawSoon()
    return () => {
      cancelAnimationFrame(frame)
      for (const stop of stops) stop()
      moving.abort()
      drawing.dispose()
    }
  }, [session, terminal, mode, format, rounded, t])
  const wrongMs = aheadMs !== null && Math.abs(aheadMs) >= CLOCK_MS ? aheadMs : null
  return (
    <section className={styles.gutter} aria-label={t('label')} data-gutter>
      <div ref={host} />
      {wrongMs !== null && (
        <p className={styles.clock}>
          {t(wrongMs > 0 ? 'ahead' : 'behind', { time: rounded(Math.abs(wrongMs)) })}
        </p>
      )}
    </section>
  )
}

interface Part {
  row: HTMLElement
  note: HTMLElement
  time: HTMLTimeElement
  shown: Label | null
}

/** The gutter's rows in the page. Only what is another than before is changed. */
class Drawing {
  readonly #host: HTMLElement
  readonly #title: (time: number) => string
  readonly #rows: Part[] = []
  #place = ''

  constructor(host: HTMLElement, title: (time: number) => string) {
    this.#host = host
    this.#title = title
  }

  draw(labels: readonly (Label | null)[], top: number, height: number): void {
    const place = `${top} ${height}`
    const moved = place !== this.#place
    this.#place = place
    // A terminal that is drawn smaller than usual has low rows, and a time stays within its own.
    if (moved) this.#host.style.fontSize = `min(1em, ${height}px)`
    for (let index = 0; index < Math.max(labels.length, this.#rows.length); index++) {
      const part = this.#rows[index] ?? this.#add()
      const label = labels[index] ?? null
      if (moved || part.row.style.top === '') {
        part.row.style.top = `${top + index * height}px`
        part.row.style.height = `${height}px`
      }
      this.#show(part, label)
    }
  }

  dispose(): void {
    this.#host.replaceChildren()
  }

  #show(part: Part, label: Label | null): void {
    const { row, note, time, shown } = part
    if (
      shown?.time === label?.time &&
      shown?.text === label?.text &&
      shown?.silent === label?.silent &&
      shown?.isNew === label?.isNew
    )
      return
    part.shown = label
    row.hidden = label === null
    if (!label) return
    row.dataset.new = String(label.isNew)
    row.dataset.silent = String(label.silent !== null)
    row.title = this.#title(label.time)
    note.textContent = label.silent ?? ''
    time.textContent = label.text
    time.dateTime = new Date(label.time).toISOString()
  }

  #add(): Part {
    const row = document.createElement('div')
    row.className = styles.row ?? ''
    row.hidden = true
    const note = document.createElement('span')
    const time = document.createElement('time')
    row.append(note, time)
    this.#host.append(row)
    const part: Part = { row, note, time, shown: null }
    this.#rows.push(part)
    return part
  }
}
