import * as z from 'zod/mini'

/** Beyond this a terminal's memory would be the attack: each column costs 12 bytes in each of 50,000 rows. */
export const LARGEST_SIZE = { columns: 512, rows: 256 } as const
export const SMALLEST_SIZE = { columns: 2, rows: 1 } as const

const within = (least: number, most: number) => z.number().check(z.int(), z.gte(least), z.lte(most))

/** How many characters a terminal shows beside and below each other */
export const TerminalSize = z.object({
  columns: within(SMALLEST_SIZE.columns, LARGEST_SIZE.columns),
  rows: within(SMALLEST_SIZE.rows, LARGEST_SIZE.rows),
})
export type TerminalSize = z.infer<typeof TerminalSize>

export const sameSize = (one: TerminalSize | null, other: TerminalSize | null): boolean =>
  one?.columns === other?.columns && one?.rows === other?.rows
