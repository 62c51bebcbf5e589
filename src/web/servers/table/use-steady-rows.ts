import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Server } from '../../../shared/server.ts'
import { type Sight, sightAt } from './sight.ts'
import { asGiven, type Hold, refreshed, type Shown } from './steady.ts'

/** Until a row was drawn and measured */
const ASSUMED_ROW_PX = 52

/** Who points at the rows: a mouse is over them, or the focus is at one of them. */
interface Pointing {
  over: boolean
  focused: boolean
}

interface SteadyRowsOptions {
  rows: readonly Server[]
  /** Changes when a person asks for other rows or another order: then nothing is held. */
  view: string
  body: RefObject<HTMLTableSectionElement | null>
  pointing: Pointing
  /** The row that the keys are at */
  current: string | null
  /** Where the rows are when the table opens; null: at the page's beginning */
  opensAt: RowPlace | null
}

export interface RowPlace {
  id: string
  /** How far below the window's upper edge the row begins, px */
  y: number
}

/**
 * Which rows are shown and drawn, and where the page has scrolled to. What a person points at stays where it is, whatever
 * a refresh brings. If nobody points, the first row in the window stays.
 */
export function useSteadyRows({ rows, view, body, pointing, current, opensAt }: SteadyRowsOptions) {
  const [state, setState] = useState(() => ({ view, shown: asGiven(rows) }))
  let { shown } = state
  if (state.view !== view) {
    shown = asGiven(rows)
    setState({ view, shown })
  }
  const setShown = (next: (before: Shown) => Shown) =>
    setState((before) => {
      const changed = next(before.shown)
      return changed === before.shown ? before : { ...before, shown: changed }
    })
  const [sight, setSight] = useState<Sight>({ top: 0, bottom: 0 })
  const [rowPx, setRowPx] = useState(ASSUMED_ROW_PX)
  const { over, focused } = pointing

  /** Where the rows begin, below the window's upper edge */
  const begin = useCallback(() => body.current?.getBoundingClientRect().top ?? 0, [body])
  const place = useRef<{ row: RowPlace | null; scrollY: number } | null>(
    opensAt && { row: opensAt, scrollY: -1 },
  )
  /** Notes which row has to stay where it is. */
  const note = () => {
    const top = begin()
    const index = focused && !over ? indexOf(shown.rows, current) : firstInView(top, rowPx)
    const id = shown.rows[index]?.id
    const holds = over || focused || top < 0
    place.current = {
      row: holds && id !== undefined ? { id, y: top + index * rowPx } : null,
      scrollY: window.scrollY,
    }
  }
  const seenEnd = useRef(Number.POSITIVE_INFINITY)
  const look = () => {
    const above = -begin()
    seenEnd.current = Math.ceil((above + window.innerHeight) / rowPx)
    const next = sightAt(above, window.innerHeight, rowPx)
    setSight((before) => (before.top === next.top && before.bottom === next.bottom ? before : next))
    note()
  }
  const latest = useRef(look)

  // The router leaves the list alone, which knows its place better: see `scrollRestoration` in `router.ts`.
  useLayoutEffect(() => {
    if (place.current === null) window.scrollTo(0, 0)
  }, [])

  const lastView = useRef(view)
  // biome-ignore lint/correctness/useExhaustiveDependencies: who points at the rows counts when a refresh comes
  useLayoutEffect(() => {
    const anew = lastView.current !== view
    lastView.current = view
    if (anew) {
      // The rows asked for begin at the first one, so that is where the page goes.
      place.current = null
      const top = begin() - headHeight(body.current)
      if (top < 0) window.scrollBy(0, top)
    }
    setShown((before) => {
      return before.rows === rows || before.waiting?.rows === rows ? before : takeIn(before, rows)
    })
  }, [rows, view])

  const takeIn = (before: Shown, fresh: readonly Server[]): Shown => {
    const top = begin()
    const at = indexOf(before.rows, current)
    const hold: Hold = over
      ? { first: firstInView(top, rowPx), end: Math.ceil((window.innerHeight - top) / rowPx) }
      : focused && at >= 0
        ? { first: at, end: at + 1 }
        : null
    const mayScroll = (by: number) => {
      const above = -top + by * rowPx
      return by === 0 || (top < 0 && above >= 0 && above + window.innerHeight <= fresh.length * rowPx)
    }
    return refreshed(before.rows, fresh, hold, mayScroll)
  }
  const apply = () => setShown((before) => (before.waiting ? asGiven(before.waiting.rows) : before))
  // Who stops pointing sees what waited.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only this change counts
  useLayoutEffect(() => {
    if (!over) setShown((before) => (before.waiting ? takeIn(before, before.waiting.rows) : before))
  }, [over, focused])

  // After each drawing: the row that has to stay goes back to its place, before anybody sees it elsewhere.
  useLayoutEffect(() => {
    const drawn = body.current?.querySelector('tr')?.offsetHeight
    if (drawn) setRowPx(drawn)
    const { row, scrollY } = place.current ?? { row: null, scrollY: 0 }
    const index = row ? indexOf(shown.rows, row.id) : -1
    // If the page has scrolled meanwhile, that was somebody's wish.
    if (row && index >= 0 && (scrollY === -1 || scrollY === window.scrollY)) {
      const by = begin() + index * rowPx - row.y
      if (Math.abs(by) >= 1) window.scrollBy(0, by)
    }
    latest.current = look
    look()
  })

  useEffect(() => {
    const onSight = () => latest.current()
    window.addEventListener('scroll', onSight, { passive: true })
    window.addEventListener('resize', onSight)
    return () => {
      window.removeEventListener('scroll', onSight)
      window.removeEventListener('resize', onSight)
    }
  }, [])

  return { shown, sight, seenEnd, rowPx, apply, begin, place }
}

const indexOf = (rows: readonly Server[], id: string | null) =>
  id === null ? -1 : rows.findIndex((server) => server.id === id)

const firstInView = (top: number, rowPx: number) => Math.max(0, Math.ceil(-top / rowPx))

/** The headings stay at the window's upper edge. */
export const headHeight = (body: HTMLTableSectionElement | null) =>
  body?.parentElement?.querySelector('thead')?.offsetHeight ?? 0
