import { Bookmark } from 'lucide-react'
import { type MouseEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { keepFocus } from '../bar/bar-button.tsx'
import type { BarContext } from '../bar/bar-item.ts'
import { linesOf } from '../links/lines-of.ts'
import styles from './marks.module.css'
import { lineOfRow } from './place-of.ts'

/** The margin beside the rows: a click marks the line that is there. People with keys have a shortcut and the menu. */
export default function MarkStrip({ open, show }: Pick<BarContext, 'open' | 'show'>) {
  const t = useTranslations('marks')
  const { terminal } = open
  const [at, setAt] = useState<{ top: number; height: number } | null>(null)
  const rowAt = ({ clientY }: MouseEvent) => {
    const { area } = terminal.screen
    const { shown } = terminal.rows
    if (!area || !shown) return null
    const height = area.height / shown.rows
    const index = Math.floor((clientY - area.top) / height)
    const line = index < 0 || index >= shown.rows ? null : lineOfRow(shown.top + index, linesOf(open))
    const text = line === null ? '' : terminal.screen.lineOf(line.row).trim()
    return line === null || text === '' ? null : { row: line.row, top: area.top + index * height, height }
  }
  return (
    <div
      className={styles.strip}
      aria-hidden
      title={at ? t('mark') : undefined}
      data-on={at !== null}
      onMouseDown={keepFocus}
      onMouseMove={(event) => {
        const place = rowAt(event)
        const top = event.currentTarget.getBoundingClientRect().top
        setAt(place && { top: place.top - top, height: place.height })
      }}
      onMouseLeave={() => setAt(null)}
      onClick={(event) => {
        const place = rowAt(event)
        if (!place) return
        // It shows which line is meant.
        terminal.screen.selectLine(place.row)
        show(() => import('./marks-dialog.tsx'))
      }}
    >
      {at && (
        <span style={at}>
          <Bookmark size={11} />
        </span>
      )}
    </div>
  )
}
