import { z } from 'zod'
import { AuditCursor, AuditEvent, AuditFilter } from '../../../shared/audit.ts'

// What replicas tell each other of their audit logs. Both ends parse it.

/** The events of one answer at most */
export const MOST_EVENTS = 200

export const KeptQuery = z.object({ ...AuditFilter.shape, before: z.optional(AuditCursor) })
export type KeptQuery = z.infer<typeof KeptQuery>

export const KeptEvents = z.object({
  /** Names the audit log for good; null: it ends with the process. */
  store: z.string().nullable(),
  /** Names it as long as its cursors are good. */
  name: z.string().regex(/^[\w-]{1,64}$/),
  kept: z.enum(['memory', 'file']).nullable(),
  unwritten: z.number(),
  /** Newest first, each with this log's cursor to all that is older */
  found: z.array(z.object({ event: AuditEvent, older: AuditCursor })),
  /** The cursor to what was not looked at; null: there is nothing more. */
  older: z.nullable(AuditCursor),
})
export type KeptEvents = z.infer<typeof KeptEvents>

export const AUDIT_PEER_PATH = '/internal/audit'

export function auditPeerPath(query: KeptQuery): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value)
  return `${AUDIT_PEER_PATH}?${search}`
}
