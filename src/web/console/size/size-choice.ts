import { LARGEST_SIZE, SMALLEST_SIZE, type TerminalSize } from '../../../shared/terminal-size.ts'

/** How large a person wants the terminal: as large as the window lets it be, or always the same. */
export type SizeChoice = 'fit' | TerminalSize

/** Those of a VT100, of firmware, and of the larger modes of both */
export const fixedSizes: readonly TerminalSize[] = [
  { columns: 80, rows: 24 },
  { columns: 80, rows: 25 },
  { columns: 100, rows: 31 },
  { columns: 132, rows: 43 },
]

export const sizeText = ({ columns, rows }: TerminalSize) => `${columns} × ${rows}`

/** A choice as a menu's value, and back */
export const menuValueOf = (choice: SizeChoice) => (choice === 'fit' ? choice : sizeText(choice))
export const choiceOf = (value: string): SizeChoice =>
  fixedSizes.find((size) => sizeText(size) === value) ?? 'fit'

interface Area {
  width: number
  height: number
}

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value))

/** The size nearest to it that a terminal may have */
export const withinBounds = ({ columns, rows }: TerminalSize): TerminalSize => ({
  columns: between(SMALLEST_SIZE.columns, columns, LARGEST_SIZE.columns),
  rows: between(SMALLEST_SIZE.rows, rows, LARGEST_SIZE.rows),
})

/** The smallest text that a terminal shrinks to, in pixels. What does not fit then is panned. */
const LEAST_TEXT = 5

/**
 * Text sizes to try, from the one at which the terminal should fit downwards. A renderer rounds a character's width to
 * whole pixels of the screen, so the first may be a little too large.
 * @param text the size of the text at which the terminal takes the area `taken`
 */
export function smallerTexts(text: number, taken: Area, room: Area): number[] {
  const ratio = Math.min(room.width / taken.width, room.height / taken.height)
  const first = Math.floor(text * ratio * 4) / 4
  return Array.from({ length: 8 }, (_, step) => Math.max(LEAST_TEXT, first - step / 4))
}

export const fitsInto = (taken: Area, room: Area): boolean =>
  taken.width <= room.width && taken.height <= room.height
