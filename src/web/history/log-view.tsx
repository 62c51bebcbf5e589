import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import type { DisplayRow } from './display-rows.ts'
import styles from './history.module.css'
import { RowContent } from './row-content.tsx'

/** All rows have one height, so the place of each is known without drawing it. */
const USUAL_ROW_PX = 22
/** Older and newer rows are fetched before they are reached. */
const NEAR = 60

/** What a person sees of the log. */
export interface Sight {
  nearBegin: boolean
  nearEnd: boolean
  /** The last row is in view. */
  atEnd: boolean
}

interface LogViewProps {
  rows: readonly DisplayRow[]
  /** The view begins here when it opens; null: at its end. */
  target: string | null
  /** The target is marked. */
  marked: boolean
  /** Changes when another place was opened. */
  opened: number
  box: RefObject<HTMLDivElement | null>
  onSight: (sight: Sight) => void
  rowPx?: number
  /** Where it begins at its end, so many rows above that */
  above?: number
}

/** The rows of the log. Rows may come above and below what is in view: it stays where it is, or at the end. */
export function LogView({
  rows,
  target,
  marked,
  opened,
  box,
  onSight,
  rowPx = USUAL_ROW_PX,
  above = 0,
}: LogViewProps) {
  const t = useTranslations('history')
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 20,
  })
  const indexes = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows])
  const placed = useRef<{ opened: number; anchor: Anchor | null; stick: boolean }>({
    opened: -1,
    anchor: null,
    stick: false,
  })
  const look = () => {
    const element = box.current
    if (!element || rows.length === 0) return
    const { scrollTop, clientHeight } = element
    const top = Math.floor(scrollTop / rowPx)
    const bottom = Math.ceil((scrollTop + clientHeight) / rowPx)
    const atEnd = bottom >= rows.length - 1
    placed.current.anchor = anchorAt(rows, top, scrollTop, rowPx)
    placed.current.stick = atEnd
    onSight({ nearBegin: top < NEAR, nearEnd: bottom > rows.length - NEAR, atEnd })
  }
  useLayoutEffect(() => {
    const element = box.current
    if (!element || rows.length === 0) return
    const { anchor, stick } = placed.current
    if (placed.current.opened !== opened) {
      placed.current.opened = opened
      const index = target === null ? undefined : indexes.get(target)
      const end = above === 0 ? rows.length * rowPx : (rows.length - above) * rowPx - element.clientHeight
      element.scrollTop = index === undefined ? end : Math.max(0, index - 1) * rowPx
      return
    }
    const index = anchor && indexes.get(anchor.key)
    if (stick) element.scrollTop = rows.length * rowPx
    else if (anchor && typeof index === 'number') element.scrollTop = index * rowPx + anchor.below
  }, [rows, indexes, target, opened, box, rowPx, above])
  // Rows may be too few to scroll, and then nobody would ask for more.
  useEffect(look)
  return (
    // biome-ignore lint/a11y/useSemanticElements: it scrolls by itself, so keys must reach it
    <div
      className={styles.log}
      ref={box}
      role="region"
      aria-label={t('log')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself, so keys must reach it
      tabIndex={0}
      onScroll={look}
    >
      <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => {
          const row = rows[index]
          return (
            row && (
              <div
                key={key}
                className={styles.row}
                data-kind={row.kind}
                data-target={(marked && row.key === target) || undefined}
                style={{ top: start, height: rowPx }}
              >
                <RowContent row={row} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

/** A row in view, and how far below its top the view begins. */
interface Anchor {
  key: string
  below: number
}

/** A day's row is no anchor: when older rows of the day come, it stands above them. */
function anchorAt(rows: readonly DisplayRow[], top: number, scrollTop: number, rowPx: number): Anchor | null {
  for (let index = top; index < rows.length; index++) {
    const row = rows[index]
    if (row && row.kind !== 'day' && row.kind !== 'begin')
      return { key: row.key, below: scrollTop - index * rowPx }
  }
  return null
}
