import * as z from 'zod/mini'
import { serversIn } from '../console/beside.ts'
import { text } from '../search-params.ts'

const layouts = ['grid', 'tabs'] as const
export type Layout = (typeof layouts)[number]

/** The address has all that a reload needs. */
export const PanesInAddress = z.object({
  /** Ids with commas between them */
  servers: text(),
  layout: z.catch(z.optional(z.enum(layouts)), undefined),
  /** The tab in front */
  at: text(),
  /** Asks which consoles to add. */
  add: text(),
})
export type PanesInAddress = z.infer<typeof PanesInAddress>

export interface Panes {
  servers: readonly string[]
  layout: Layout
  /** The one that has the focus first; null: there is none. */
  at: string | null
  adds: boolean
}

export function panesOf({ servers, layout = 'grid', at, add }: PanesInAddress): Panes {
  const ids = serversIn(servers)
  const front = at !== undefined && ids.includes(at) ? at : (ids[0] ?? null)
  return { servers: ids, layout, at: front, adds: add !== undefined }
}

/** The address of these panes. What is usual is left out. */
export function addressOf({ servers, layout, at, adds }: Panes): PanesInAddress {
  return {
    servers: servers.length > 0 ? servers.join() : undefined,
    layout: layout === 'grid' ? undefined : layout,
    at: at === null || at === servers[0] ? undefined : at,
    add: adds ? '1' : undefined,
  }
}

/** The pane that is in front once this one is closed: the next one, or the last. */
export function frontWithout(servers: readonly string[], closed: string): string | null {
  const left = servers.filter((id) => id !== closed)
  return left[Math.min(servers.indexOf(closed), left.length - 1)] ?? null
}

interface Grid {
  columns: number
  rows: number
  /** Where each pane is. The last one is as wide as there is room. */
  cells: { column: number; row: number; columnSpan: number }[]
  /** The edges between two columns, each beside so many rows. No edge crosses a pane. */
  columnEdges: { column: number; rowSpan: number }[]
  /** The edges between two rows, each named by the row below it. */
  rowEdges: number[]
}

/** As near to a square as can be, since a terminal needs both columns and rows. */
export function gridOf(count: number): Grid {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)))
  const rows = Math.max(1, Math.ceil(count / columns))
  const inLastRow = count - (rows - 1) * columns
  const cells = Array.from({ length: count }, (_, index) => {
    const column = index % columns
    return {
      column,
      row: Math.floor(index / columns),
      columnSpan: index === count - 1 ? columns - column : 1,
    }
  })
  const upTo = (length: number) => Array.from({ length }, (_, index) => index + 1)
  return {
    columns,
    rows,
    cells,
    columnEdges: upTo(columns - 1)
      .map((column) => ({ column, rowSpan: column < inLastRow ? rows : rows - 1 }))
      .filter(({ rowSpan }) => rowSpan > 0),
    rowEdges: upTo(rows - 1),
  }
}

/** Chromium keeps 16 contexts of WebGL for a page, and a browser's other pages need some, too. */
const MOST_BY_GPU = 8

/**
 * The panes that a GPU draws: those in view, the one with the focus first. The others have the DOM renderer, or draw
 * nothing at all.
 */
export function gpuShare(inView: readonly string[], front: string | null): ReadonlySet<string> {
  const first = inView.filter((id) => id === front)
  return new Set([...first, ...inView.filter((id) => id !== front)].slice(0, MOST_BY_GPU))
}
