import type { TerminalSize } from '../../../shared/terminal-size.ts'
import { loginState, type ScreenEnd } from '../guard/logged-in.ts'

/** The cursor's line, whole. */
export interface PromptLine extends ScreenEnd {
  /** What stands at the cursor and behind it */
  rest: string
  /** It goes on from the row above. */
  wrapped: boolean
}

/**
 * A shell's prompt, and nothing behind it: `root@web-01:~# `, `~ $ `, `[admin@host etc]$ `, `host% `. The prompts of other
 * programs do not match: `postgres=# `, `postgres-# `, `mysql> `, `>>> `, and a shell's own `> ` inside of a command.
 */
const PROMPT = /^(?:[^#$%>]*(?:[\w~\])/:.] ?[#$]|[A-Za-z_~\])/]%)|[#$]) ?$/
/** fish: `root@web-01 ~> ` */
const FISH = /^[\w.-]+@[\w.-]+ [^#$%>]*[\w~/)]> ?$/

/** Whether a shell waits for a command, so that what is typed runs as one. In doubt it does not. */
export function atShellPrompt(end: PromptLine): boolean {
  const { line, rest, wrapped, alternate } = end
  if (alternate || wrapped || rest.trim() !== '') return false
  return FISH.test(line) || (PROMPT.test(line) && loginState(end) === 'shell')
}

/** Tells the machine's terminal its size. Most shells keep no command with a leading blank in their history. */
export const sizeCommand = ({ columns, rows }: TerminalSize) => ` stty rows ${rows} cols ${columns}`

/** What a machine seems to believe of its terminal. null: unknown. */
export interface BelievedSize {
  columns: number | null
  rows: number | null
}

/** Programs take this size where the terminal has none. */
const USUAL = { columns: 80, rows: 24 }

const known = (rows: string | undefined, columns: string | undefined): BelievedSize => ({
  columns: columns === undefined ? null : Number(columns) || USUAL.columns,
  rows: rows === undefined ? null : Number(rows) || USUAL.rows,
})

/**
 * Reads what the last command told about the size: `stty size`, `stty -a`, or a `stty` that set it and said nothing.
 * @param above the rows above the prompt, the nearest first
 */
export function toldSize(above: readonly string[]): BelievedSize | null {
  const [nearest = '', second = ''] = above
  const [, size] = /^[^#$%>]*[#$%>]\s+(?:sudo )?stty\s+(.*)$/.exec(nearest) ?? []
  if (size !== undefined) {
    const [, rows] = /\brows (\d+)/.exec(size) ?? []
    const [, columns] = /\bcol(?:umn)?s (\d+)/.exec(size) ?? []
    return rows === undefined && columns === undefined ? null : known(rows, columns)
  }
  const [, rows, columns] = /^(\d+) (\d+)$/.exec(nearest.trim()) ?? []
  if (/\bstty size\s*$/.test(second)) {
    if (rows !== undefined) return known(rows, columns)
    // busybox, where the terminal has no size
    if (/^stty: standard input/.test(nearest)) return USUAL
  }
  for (const row of above) {
    const [, all, allColumns] = /\brows (\d+); columns (\d+);/.exec(row) ?? []
    if (all !== undefined) return known(all, allColumns)
    if (/\bstty\b/.test(row)) break
  }
  return null
}

/**
 * A shell that is at the end of its line goes to the next one by a blank and a CR. On a wider terminal that is no next
 * line: it writes over its prompt.
 * @param row what the cursor's row has written, where the cursor is in its first column
 * @returns the width in which it wraps; null: it does not
 */
export function wrappedAt(row: string, columns: number): number | null {
  const width = row.length - 1
  if (width < 20 || width >= columns || !/[^ ] $/.test(row)) return null
  return loginState({ line: row, alternate: false }) === 'shell' ? width : null
}

export const differs = (believed: BelievedSize, { columns, rows }: TerminalSize): boolean =>
  (believed.columns !== null && believed.columns !== columns) ||
  (believed.rows !== null && believed.rows !== rows)
