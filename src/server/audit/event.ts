import type { AuditAction } from '../../shared/audit.ts'
import { AuditEvent } from '../../shared/audit.ts'
import { visibleText } from '../../shared/visible.ts'
import type { AuditFacts } from './audit.ts'

/** How many characters are kept of a name, an id or a detail. Users choose these, and must not choose the log's size. */
const SHORT = 256
const LONG = 512

/** The whole event: null where the caller knew nothing, and no field that the schema does not have. */
export function eventOf(action: AuditAction, facts: AuditFacts, now: number): AuditEvent {
  const { user, server, project } = facts
  return {
    time: facts.time ?? new Date(now).toISOString(),
    action,
    outcome: facts.outcome,
    cause: facts.cause ?? null,
    user: user && { id: cut(user.id, SHORT), name: cut(user.name, SHORT) },
    from: cut(facts.from, SHORT),
    server: server ? { id: cut(server.id, SHORT), name: server.name && cut(server.name, SHORT) } : null,
    project: project ? { id: cut(project.id, SHORT), name: project.name && cut(project.name, SHORT) } : null,
    session: facts.session ? cut(facts.session, SHORT) : null,
    durationMs: facts.durationMs ?? null,
    bytesIn: facts.bytesIn ?? null,
    bytesOut: facts.bytesOut ?? null,
    detail: facts.detail ? cut(facts.detail, LONG) : null,
    count: facts.count ?? 1,
  }
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/**
 * The line of an event, with its newline. `log` tells it from the program's own log where both go to stdout. JSON
 * leaves DEL, C1 and Unicode's line ends as they are; a terminal may obey them and a reader may split at them.
 */
export function lineOf(event: AuditEvent): string {
  return `${visibleText(JSON.stringify({ log: 'audit', ...event }))}\n`
}

/** @returns null for a line that is not an event, or only half of one */
export function eventIn(line: string): AuditEvent | null {
  try {
    return AuditEvent.parse(JSON.parse(line))
  } catch {
    return null
  }
}
