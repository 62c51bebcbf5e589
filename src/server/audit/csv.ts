import { stringify } from 'csv-stringify/sync'
import type { AuditEvent } from '../../shared/audit.ts'
import { visibleText } from '../../shared/visible.ts'
import type { AuditStep } from './audit.ts'

type Cell = string | number | null | undefined

const columns: Readonly<Record<string, (event: AuditEvent) => Cell>> = {
  time: (event) => event.time,
  action: (event) => event.action,
  outcome: (event) => event.outcome,
  cause: (event) => event.cause,
  user_id: (event) => event.user?.id,
  user_name: (event) => event.user?.name,
  from: (event) => event.from,
  server_id: (event) => event.server?.id,
  server_name: (event) => event.server?.name,
  session: (event) => event.session,
  duration_ms: (event) => event.durationMs,
  bytes_in: (event) => event.bytesIn,
  bytes_out: (event) => event.bytesOut,
  detail: (event) => event.detail,
  count: (event) => event.count,
  project_id: (event) => event.project?.id,
  project_name: (event) => event.project?.name,
}

/**
 * The events as CSV, newest first, a piece at a time.
 * @param sees whether the reader may see the event
 */
export async function* csvOf(
  search: AsyncIterable<AuditStep>,
  sees: (event: AuditEvent) => boolean,
): AsyncGenerator<string> {
  yield csv([Object.keys(columns)])
  for await (const { found } of search) {
    const seen = found.map(({ event }) => event).filter(sees)
    const rows = seen.map((event) => Object.values(columns).map((column) => column(event)))
    if (rows.length > 0) yield csv(rows)
  }
}

/**
 * RFC 4180. An attacker may choose a name, so no cell is a formula for a spreadsheet, and none moves the cursor of a
 * terminal or turns text round.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const csv = (rows: readonly Cell[][]) =>
  stringify([...rows], {
    record_delimiter: '\r\n',
    escape_formulas: true,
    // The library quotes a whole record delimiter only; a reader may also break at half of it.
    quoted_match: /[\r\n]/,
    // The library escapes no formula behind a line feed.
    cast: { string: (text) => visibleText(text).replace(/^\n/, "'\n") },
  })
