/** Rows that are drawn beyond each edge of the window, so that a turn of the wheel finds them there. */
const BEYOND = 4
/** The drawn rows change in steps: most scroll events change nothing. */
const STEP = 4

/** Which rows the window shows. All rows have one height, so the place of each is known without drawing it. */
export interface Sight {
  /** The rows to draw: from the first to before the end */
  first: number
  end: number
}

/**
 * @param above how far the first row is above the window's upper edge, px; less than 0 where it is below
 * @param height of the window, px
 */
export function sightAt(above: number, height: number, rowPx: number, count: number): Sight {
  const top = Math.floor(above / rowPx / STEP) * STEP
  const bottom = Math.ceil((above + height) / rowPx / STEP) * STEP
  const first = Math.max(0, Math.min(top - BEYOND, count - 1))
  return { first, end: Math.max(first, Math.min(count, bottom + BEYOND)) }
}

/** The first row that is in the window and not beyond its edge */
export const firstWhole = ({ first }: Sight) => (first === 0 ? 0 : first + BEYOND + STEP)

/** The indexes to draw. A row with the focus is drawn wherever it is: otherwise the focus would be lost. */
export function drawnRows({ first, end }: Sight, kept: number): number[] {
  const inside = Array.from({ length: end - first }, (_, index) => first + index)
  if (kept < 0 || (kept >= first && kept < end)) return inside
  return kept < first ? [kept, ...inside] : [...inside, kept]
}
