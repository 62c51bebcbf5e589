/** Rows that are drawn beyond each edge of the window, so that a turn of the wheel finds them there. */
const BEYOND = 4
/** The drawn rows change in steps: most scroll events change nothing. */
const STEP = 4

/**
 * What the window shows, as places of rows, whether there are rows or not: so a longer list needs no new look. All rows
 * have one height, and the place of each is known without drawing it.
 */
export interface Sight {
  /** The row at the window's upper edge; less than 0 where the rows begin below it */
  top: number
  /** Behind the row at its lower edge */
  bottom: number
}

/**
 * @param above how far the first row is above the window's upper edge, px; less than 0 where it is below
 * @param height of the window, px
 */
export function sightAt(above: number, height: number, rowPx: number): Sight {
  return {
    top: Math.floor(above / rowPx / STEP) * STEP,
    bottom: Math.ceil((above + height) / rowPx / STEP) * STEP,
  }
}

/** The first row that is in the window and not beyond its edge */
export const firstWhole = ({ top }: Sight) => (top <= 0 ? 0 : top + STEP)

/**
 * The indexes to draw
 * @param count how many rows there are
 * @param kept a row with the focus is drawn wherever it is: otherwise the focus would be lost. Less than 0: none has it
 */
export function drawnRows({ top, bottom }: Sight, count: number, kept: number): number[] {
  const first = Math.max(0, Math.min(top - BEYOND, count - 1))
  const end = Math.max(first, Math.min(count, bottom + BEYOND))
  const inside = Array.from({ length: end - first }, (_, index) => first + index)
  if (kept < 0 || (kept >= first && kept < end)) return inside
  return kept < first ? [kept, ...inside] : [...inside, kept]
}
