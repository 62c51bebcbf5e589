import type { AuditAction } from '../../shared/audit.ts'
import { AuditEvent } from '../../shared/audit.ts'
import type { AuditFacts } from './audit.ts'

/** Characters kept of a name, an id or a detail: whoever chooses them must not choose the size of the log. */
const SHORT = 256
const LONG = 512

/** The whole event: nulls where nothing was told, and nothing else than the shape has. */
export function eventOf(action: AuditAction, facts: AuditFacts, now: number): AuditEvent {
  const { user, server } = facts
  return {
    time: facts.time ?? new Date(now).toISOString(),
    action,
    outcome: facts.outcome,
    cause: facts.cause ?? null,
    user: user && { id: cut(user.id, SHORT), name: cut(user.name, SHORT) },
    from: cut(facts.from, SHORT),
    server: server ? { id: cut(server.id, SHORT), name: server.name && cut(server.name, SHORT) } : null,
    session: facts.session ? cut(facts.session, SHORT) : null,
    durationMs: facts.durationMs ?? null,
    bytesIn: facts.bytesIn ?? null,
    bytesOut: facts.bytesOut ?? null,
    detail: facts.detail ? cut(facts.detail, LONG) : null,
  }
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)

/**
 * The line of an event, with its newline. `log` tells it from the program's own log where both go to stdout. What
 * JSON leaves as it is, but a terminal may obey (DEL and C1) or a reader take for a line's end, is escaped too.
 */
export function lineOf(event: AuditEvent): string {
  const json = JSON.stringify({ log: 'audit', ...event })
  const safe = json.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${safe}\n`
}

/** @returns null for what is not a line of ours, or half of one */
export function eventIn(line: string): AuditEvent | null {
  try {
    return AuditEvent.parse(JSON.parse(line))
  } catch {
    return null
  }
}
