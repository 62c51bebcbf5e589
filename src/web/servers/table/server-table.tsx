import { useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type MouseEvent, memo, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import type { Server } from '../../../shared/server.ts'
import { useServersInUse } from '../../in-use/open-consoles.ts'
import { useLate } from '../../ui/late.ts'
import { nextSort, type Sort } from '../model/sort.ts'
import type { Place, PlaceKind } from '../places.ts'
import { columnName } from './column-name.ts'
import { type Column, fitting, sortOf, templateOf } from './columns.ts'
import type { ListCommand } from './keys.ts'
import { keepPlace, placeIn } from './list-place.ts'
import { allToggled, nothingSelected, rangeTo, type Selection, shareSelected, toggled } from './selection.ts'
import { ServerRow, useRowWords } from './server-row.tsx'
import { firstWhole } from './sight.ts'
import styles from './table.module.css'
import { useDrawnRows } from './use-drawn-rows.ts'
import { useListKeys } from './use-list-keys.ts'
import { headHeight, useSteadyRows } from './use-steady-rows.ts'

/** A narrower table has rows of two lines, and no columns to choose. */
const NARROW_REM = 46

declare module 'react' {
  interface CSSProperties {
    /** The widths of the table's columns */
    '--columns'?: string | undefined
  }
}

interface ServerTableProps {
  rows: readonly Server[]
  /** The view as the address has it */
  view: string
  sort: readonly Sort[]
  onSort: (sort: readonly Sort[]) => void
  columns: readonly Column[]
  /** The places that tell the servers apart */
  known: Record<PlaceKind, Place[]>
  selection: Selection
  onSelection: (selection: Selection) => void
  search: RefObject<HTMLInputElement | null>
  /** Escape, when nothing is selected */
  onClear: () => void
  onHelp: () => void
}

export function ServerTable(props: ServerTableProps) {
  const { rows, view, sort, onSort, columns, known, selection, onSelection, search, onClear, onHelp } = props
  const t = useTranslations('servers')
  const client = useQueryClient()
  const words = useRowWords()
  const inUse = useServersInUse()
  const Star = useLate(true, () => import('../../preferences/favourite-star.tsx'))
  const table = useRef<HTMLTableElement>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const [opened] = useState(() => placeIn(client, view))
  const [current, setCurrent] = useState(opened.current)
  const [over, setOver] = useState(false)
  const [focused, setFocused] = useState(false)
  const width = useWidthRem(table)
  const narrow = width < NARROW_REM
  const shownColumns = useFitting(columns, width)
  const steady = useSteadyRows({
    rows,
    view,
    body,
    pointing: { over, focused },
    current,
    opensAt: opened.row,
  })
  const { shown, sight, rowPx } = steady
  const ids = () => shown.rows.map(({ id }) => id)
  const at = current === null ? -1 : shown.rows.findIndex(({ id }) => id === current)
  /** Tab goes to the row that the keys are at, or to the first one in the window. */
  const tabStop = at < 0 ? firstWhole(sight) : at
  const here = focused && at >= 0 ? current : null
  const drawn = useDrawnRows({ rows: shown.rows, sight, seenEnd: steady.seenEnd.current, current: at })

  /** The row that gets the focus once it is drawn */
  const wanted = useRef<string | null>(opened.current)
  useLayoutEffect(() => {
    const name = wanted.current && inRow(body.current, wanted.current, 'name')
    if (!name) return
    wanted.current = null
    name.focus({ preventScroll: true })
  })

  const goTo = (index: number) => {
    const server = shown.rows[Math.max(0, Math.min(index, shown.rows.length - 1))]
    if (!server) return
    const y = steady.begin() + shown.rows.indexOf(server) * rowPx
    const above = y - headHeight(body.current) - rowPx
    const below = y + 2 * rowPx - window.innerHeight
    if (above < 0 || below > 0) window.scrollBy(0, above < 0 ? above : below)
    steady.place.current = null
    wanted.current = server.id
    setCurrent(server.id)
  }
  const run = (command: ListCommand) => {
    switch (command.kind) {
      case 'move':
        return goTo(at < 0 ? tabStop : at + command.by)
      case 'page':
        return goTo(tabStop + command.by * Math.max(1, Math.floor(window.innerHeight / rowPx) - 2))
      case 'edge':
        return goTo(command.edge === 'first' ? 0 : shown.rows.length - 1)
      case 'select':
        return here === null ? undefined : onSelection(toggled(selection, here))
      case 'select-range':
        return here === null ? undefined : onSelection(rangeTo(selection, ids(), here))
      case 'select-all':
        return onSelection(allToggled(selection, ids()))
      case 'clear':
        return selection.ids.size > 0 ? onSelection(nothingSelected) : onClear()
      case 'favourite':
        return inRow(body.current, here ?? '', 'star')?.click()
      case 'apply-order':
        return steady.apply()
      case 'help':
        return onHelp()
    }
  }
  useListKeys(run)
  useRowsAfterSearch(search, () => goTo(0))

  const leaving = useRef(() => {})
  useLayoutEffect(() => {
    leaving.current = () =>
      keepPlace(client, { view, row: steady.place.current?.row ?? null, current, selection })
  })
  useLayoutEffect(() => () => leaving.current(), [])

  const onClick = (event: MouseEvent) => {
    const { target, shiftKey } = event
    const id = target instanceof Element ? idOf(target) : null
    if (id === null || !(target instanceof Element)) return
    const atBox = target.closest(`.${styles.select}`) !== null
    if (!shiftKey && !atBox) return
    // With Shift, a link opens a window of its own.
    if (!atBox) event.preventDefault()
    onSelection(shiftKey ? rangeTo(selection, ids(), id) : toggled(selection, id))
  }

  const share = shareSelected(selection, shown.rows)
  return (
    <>
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows take keys, and are selected
        role="grid"
        className={styles.table}
        data-narrow={narrow || undefined}
        aria-label={t('title')}
        aria-rowcount={shown.rows.length + 1}
        aria-multiselectable
        style={{ '--columns': narrow ? undefined : templateOf(shownColumns) }}
      >
        <thead>
          <tr aria-rowindex={1}>
            <td className={styles.select}>
              <input
                type="checkbox"
                aria-label={t('selectAll')}
                checked={share === 'all'}
                ref={(box) => {
                  if (box) box.indeterminate = share === 'some'
                }}
                onChange={() => onSelection(allToggled(selection, ids()))}
              />
            </td>
            {(['name', ...(narrow ? (['status'] as const) : shownColumns)] as const).map((column) => (
              <Heading key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list */}
        <tbody
          ref={body}
          style={{ height: shown.rows.length * rowPx }}
          onClick={onClick}
          // It would select the text between two clicks.
          onMouseDown={(event) => event.shiftKey && event.preventDefault()}
          // A finger points only while it scrolls.
          onPointerEnter={({ pointerType }) => setOver(pointerType !== 'touch')}
          onPointerLeave={() => setOver(false)}
          onFocus={({ target }) => {
            setFocused(true)
            setCurrent(idOf(target))
          }}
          onBlur={({ currentTarget, relatedTarget }) => setFocused(currentTarget.contains(relatedTarget))}
        >
          {drawn.map(({ key, index, server }) => (
            <ServerRow
              key={key}
              server={server}
              index={index}
              rowPx={rowPx}
              columns={narrow ? null : shownColumns}
              known={known}
              selected={selection.ids.has(server.id)}
              current={index === tabStop}
              gone={shown.gone.has(server.id)}
              inUse={inUse?.has(server.id) ?? false}
              Star={Star}
              words={words}
            />
          ))}
        </tbody>
      </table>
      <p role="status" className="unseen">
        {sort.length > 0 && t('sortedBy', { columns: sort.map(wordsOf(t)).join(', ') })}
      </p>
      {shown.waiting && (
        <div role="status" className={styles.waiting}>
          <span>{t('waiting', { added: shown.waiting.added, gone: shown.waiting.gone })}</span>
          <button type="button" className="button" aria-keyshortcuts="a" onClick={steady.apply}>
            {t('apply')}
          </button>
        </div>
      )}
    </>
  )
}

type Words = ReturnType<typeof useTranslations<'servers'>>

const wordsOf =
  (t: Words) =>
  ({ column, descending }: Sort) =>
    t(descending ? 'descending' : 'ascending', { column: columnName(t, column) })

const idOf = (inside: Element) => inside.closest<HTMLElement>('[data-id]')?.dataset.id ?? null

const inRow = (body: HTMLElement | null, id: string, what: 'name' | 'star') =>
  body?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] [data-${what}]`)

/** Arrow down and Enter go from the search to what it found. */
function useRowsAfterSearch(search: RefObject<HTMLInputElement | null>, go: () => void): void {
  const latest = useRef(go)
  useEffect(() => {
    latest.current = go
  })
  useEffect(() => {
    const field = search.current
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || (event.key !== 'ArrowDown' && event.key !== 'Enter')) return
      event.preventDefault()
      latest.current()
    }
    field?.addEventListener('keydown', onKey)
    return () => field?.removeEventListener('keydown', onKey)
  }, [search])
}

/** How wide the table is. Without a layout, as in a test, there is room for everything. */
function useWidthRem(table: RefObject<HTMLTableElement | null>): number {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useLayoutEffect(() => {
    const element = table.current
    if (!element) return
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      if (element.offsetWidth > 0 && rem > 0) setWidth(element.offsetWidth / rem)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [table])
  return width
}

/** The same array as long as the same columns fit, so that no row is drawn again. */
function useFitting(columns: readonly Column[], width: number): readonly Column[] {
  const next = fitting(columns, width)
  const [kept, setKept] = useState(next)
  if (kept.join() === next.join()) return kept
  setKept(next)
  return next
}

interface HeadingProps extends Pick<ServerTableProps, 'sort' | 'onSort'> {
  column: Column | 'name'
}

/** With Shift, the column sorts within the ones before it. */
const Heading = memo(function Heading({ column, sort, onSort }: HeadingProps) {
  const t = useTranslations('servers')
  const by = sortOf(column)
  const place = sort.findIndex((each) => each.column === by)
  const sorted = sort[place]
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={by === null ? undefined : sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
    >
      {by === null ? (
        columnName(t, column)
      ) : (
        <button
          type="button"
          className={styles.sort}
          title={t('sortMore')}
          onClick={({ shiftKey }) => onSort(nextSort(sort, by, shiftKey))}
        >
          {columnName(t, column)} <Arrow size={13} aria-hidden data-shown={sorted !== undefined} />
          {sort.length > 1 && sorted && <sup>{place + 1}</sup>}
        </button>
      )}
    </th>
  )
})
