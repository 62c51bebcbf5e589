import type { LogRow, LogSummary } from '../../shared/line-log.ts'

type Boot = LogSummary['boots'][number]
type Row<T extends LogRow['type']> = Extract<LogRow, { type: T }>

/** What the view draws, each in a row of its own. */
export type DisplayRow = { key: string } /** `text`: what this row has of a line that is wrapped */ & (
  | { kind: 'line'; line: Row<'line'>; text?: string }
  /** The line above goes on. */
  | { kind: 'more'; text: string }
  | { kind: 'mark'; mark: Row<'mark'> }
  | { kind: 'boot'; boot: Boot }
  | { kind: 'day'; time: string }
  /** Nothing before it is kept. */
  | { kind: 'begin' }
  /** A row of the terminal that goes on where the log is left. `time`: ISO 8601, where a line begins */
  | { kind: 'live'; text: string; time: string | null }
)

/** The local day of a time. Zones differ from UTC by quarters of an hour, so it is worked out once for each. */
class Days {
  readonly #known = new Map<string, string>()

  of(time: string): string {
    // Ten minutes of one quarter-hour or the next: 2026-03-01T13:5
    const part = time.slice(0, 15)
    const known = this.#known.get(part)
    if (known !== undefined) return known
    const day = new Date(time).toDateString()
    this.#known.set(part, day)
    return day
  }
}

/**
 * Puts days and boots between the rows of the log.
 * @param boots newest first
 */
export function displayRows(rows: readonly LogRow[], boots: readonly Boot[]): DisplayRow[] {
  const shown: DisplayRow[] = []
  const days = new Days()
  const [first] = rows
  let day: string | null = null
  // A boot before the window's first row is not in it.
  const coming = first ? boots.filter(({ offset }) => offset >= first.offset).reverse() : []
  let ends = -1
  let same = 0
  for (const row of rows) {
    const end = row.type === 'line' ? (row.end ?? Number.POSITIVE_INFINITY) : row.offset
    for (let boot = coming[0]; boot && boot.offset < end; boot = coming[0]) {
      coming.shift()
      addDay(boot.time)
      shown.push({ kind: 'boot', key: `boot ${boot.offset}`, boot })
    }
    // The log's own boots are among those that were found.
    if (row.type === 'mark' && row.mark.kind === 'boot') continue
    addDay(row.time)
    // Several rows may end at one place.
    same = end === ends ? same + 1 : 0
    ends = end
    if (row.type === 'line') shown.push({ kind: 'line', key: `line ${end} ${same}`, line: row })
    else shown.push({ kind: 'mark', key: `mark ${end} ${same}`, mark: row })
  }
  return shown

  function addDay(time: string) {
    const own = days.of(time)
    if (own === day) return
    day = own
    shown.push({ kind: 'day', key: `day ${own}`, time })
  }
}
