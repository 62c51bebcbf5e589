import type { OpenConsole } from '../use-console.ts'

/**
 * Shows what the line said from this offset of its log on: in the terminal, or in the log where that no longer has it.
 * @returns false: the page does not know where its rows are in the log
 */
export function showPlace({ older, terminal }: OpenConsole, offset: number): boolean {
  const place = older.showFrom(offset)
  if (place.kind === 'terminal') terminal.screen.scrollTo(place.row)
  return place.kind !== 'unknown'
}
