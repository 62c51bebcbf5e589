import type { AuditEvent, AuditFilter } from '../../shared/audit.ts'
import type { AuditLog } from './audit.ts'

const columns: Readonly<Record<string, (event: AuditEvent) => string | number | null | undefined>> = {
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
}

/** The events as CSV, newest first, a piece at a time. */
export async function* csvOf(log: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  yield row(Object.keys(columns))
  for await (const { found } of log.search(filter, null)) {
    const rows = found.map(({ event }) => row(Object.values(columns).map((column) => column(event))))
    if (rows.length > 0) yield rows.join('')
  }
}

const row = (cells: readonly (string | number | null | undefined)[]) => `${cells.map(cell).join(',')}\r\n`

/**
 * RFC 4180, and nothing that a spreadsheet takes for a formula: a name may be chosen by an attacker.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const inert = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
