import * as z from 'zod/mini'
import { Cause } from './cause.ts'

export const AuditAction = z.enum([
  'sign-in',
  'sign-out',
  'open-console',
  'close-console',
  'take-keyboard',
  'end-session',
  'power',
  'start-recording',
  'stop-recording',
  'read-recording',
  'delete-recording',
  'read-audit',
  /** A request that the user's role does not allow */
  'other',
])
export type AuditAction = z.infer<typeof AuditAction>

/** One line of the audit log. Never what was typed or printed, never a token. */
export const AuditEvent = z.object({
  /** ISO 8601 */
  time: z.string(),
  action: AuditAction,
  outcome: z.enum(['done', 'refused', 'failed']),
  /** Why it was refused or failed */
  cause: z.nullable(Cause),
  /** null: nobody was signed in */
  user: z.nullable(z.object({ id: z.string(), name: z.string() })),
  /** The address that it came from */
  from: z.string(),
  server: z.nullable(z.object({ id: z.string(), name: z.nullable(z.string()) })),
  /** The console session */
  session: z.nullable(z.string()),
  durationMs: z.nullable(z.number()),
  /** Typed, and printed, through the relay */
  bytesIn: z.nullable(z.number()),
  bytesOut: z.nullable(z.number()),
  /** What exactly: the power action, the route, the recording's id */
  detail: z.nullable(z.string()),
})
export type AuditEvent = z.infer<typeof AuditEvent>
