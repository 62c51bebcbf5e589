import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslations } from 'use-intl'
import type { DisplayRow } from './display-rows.ts'
import styles from './history.module.css'
import { RowContent } from './row-content.tsx'

/** All rows have this height, so the place of each is known without drawing it. The style sheet has it, too. */
const ROW_PX = 22
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
}

/** The rows of the log. Rows may come above and below what is in view: it stays where it is, or at the end. */
export function LogView({ rows, target, marked, opened, box, onSight }: LogViewProps) {
  const t = useTranslations('history')
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
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
    const top = Math.floor(scrollTop / ROW_PX)
    const bottom = Math.ceil((scrollTop + clientHeight) / ROW_PX)
    const atEnd = bottom >= rows.length - 1
    placed.current.anchor = anchorAt(rows, top, scrollTop)
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
      element.scrollTop = index === undefined ? rows.length * ROW_PX : Math.max(0, index - 1) * ROW_PX
      return
    }
    const index = anchor && indexes.get(anchor.key)
    if (stick) element.scrollTop = rows.length * ROW_PX
    else if (anchor && typeof index === 'number') element.scrollTop = index * ROW_PX + anchor.below
  }, [rows, indexes, target, opened, box])
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
                style={{ top: start }}
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
function anchorAt(rows: readonly DisplayRow[], top: number, scrollTop: number): Anchor | null {
  for (let index = top; index < rows.length; index++) {
    const row = rows[index]
    if (row && row.kind !== 'day' && row.kind !== 'begin')
      return { key: row.key, below: scrollTop - index * ROW_PX }
  }
  return null
}
