import type { AuditEvent, AuditFilter } from '../../shared/audit.ts'

/** Finds texts anywhere in names and ids, in any case. `from` is included, `to` is not. */
export function matcher(filter: AuditFilter): (event: AuditEvent) => boolean {
  const user = filter.user?.toLowerCase()
  const server = filter.server?.toLowerCase()
  const from = filter.from ? Date.parse(filter.from) : Number.NEGATIVE_INFINITY
  const to = filter.to ? Date.parse(filter.to) : Number.POSITIVE_INFINITY
  return (event) => {
    if (filter.action && event.action !== filter.action) return false
    if (filter.outcome && event.outcome !== filter.outcome) return false
    if (user && !has(event.user, user)) return false
    if (server && !has(event.server, server)) return false
    const time = Date.parse(event.time)
    return time >= from && time < to
  }
}

function has(named: { id: string; name: string | null } | null, text: string): boolean {
  if (!named) return false
  return named.id.toLowerCase().includes(text) || (named.name?.toLowerCase().includes(text) ?? false)
}
