import * as z from 'zod/mini'

const Sizes = z.record(z.string(), z.number().check(z.gte(1), z.lte(100)))
const GridSizes = z.object({ columns: Sizes, rows: Sizes })
export type GridSizes = z.infer<typeof GridSizes>

const keyOf = (columns: number, rows: number) => `bms-console.grid.${columns}x${rows}`

/** How wide and how high a person made the panes of such a grid, in percent. Null: as they come. */
export function recallSizes(columns: number, rows: number): GridSizes | null {
  try {
    const { success, data } = GridSizes.safeParse(
      JSON.parse(localStorage.getItem(keyOf(columns, rows)) ?? 'null'),
    )
    const fits =
      success && Object.keys(data.columns).length === columns && Object.keys(data.rows).length === rows
    return fits ? data : null
  } catch {
    // It is not JSON, or the browser denies the page its storage.
    return null
  }
}

export function keepSizes(columns: number, rows: number, sizes: GridSizes): void {
  try {
    localStorage.setItem(keyOf(columns, rows), JSON.stringify(sizes))
  } catch {
    // The browser denies the page its storage, or it is full. The panes are equal after the next reload.
  }
}

/** Equal shares of so many, by their places. */
export const equalShares = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), 100 / count]))
