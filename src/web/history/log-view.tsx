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
  /** Who sees the end goes on to see it when rows come. */
  sticks?: boolean
}

/**
 * The rows of the log. Rows may come above and below what is in view: it stays where it is, or at the end. So it does when rows get
 * another height, or lines are wrapped anew.
 */
export function LogView({
  rows,
  target,
  marked,
  opened,
  box,
  onSight,
  rowPx = USUAL_ROW_PX,
  above = 0,
  sticks = true,
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
    placed.current.stick = sticks && atEnd
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
    else if (anchor && typeof index === 'number') {
      element.scrollTop = (index + rowsBelow(anchor, lengthAt(rows, index))) * rowPx
    }
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

/** The first line in view, and how many of its rows are above the view: less than 0 where a day stands above it */
interface Anchor {
  key: string
  rows: number
  /** The line's rows */
  of: number
}

/** A day's row is no anchor: when older rows of the day come, it stands above them. */
function anchorAt(rows: readonly DisplayRow[], top: number, scrollTop: number, rowPx: number): Anchor | null {
  for (let index = top; index < rows.length; index++) {
    const kind = rows[index]?.kind
    if (kind === 'day' || kind === 'begin') continue
    let first = index
    while (first > 0 && rows[first]?.kind === 'more') first--
    const key = rows[first]?.key
    return key === undefined ? null : { key, rows: scrollTop / rowPx - first, of: lengthAt(rows, first) }
  }
  return null
}

/** How many rows the line takes that begins in this one */
function lengthAt(rows: readonly DisplayRow[], index: number): number {
  let next = index + 1
  while (rows[next]?.kind === 'more') next++
  return next - index
}

/** About the same text is in view when a line is wrapped anew. */
const rowsBelow = ({ rows, of }: Anchor, length: number): number =>
  rows > 0 && of !== length ? Math.floor((rows * length) / of) : rows
