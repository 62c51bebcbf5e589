import type { FastifyRequest } from 'fastify'
import type { AuditAction, AuditEvent, AuditFilter } from '../../shared/audit.ts'
import type { Cause } from '../../shared/cause.ts'

/** What is told of an event; the rest is null. */
export type AuditFacts = Pick<AuditEvent, 'outcome' | 'user' | 'from'> & Partial<AuditEvent>

/** Where events go. */
export interface Audit {
  /** Returns at once and never throws: a log that cannot be written must not end a console. */
  record(action: AuditAction, facts: AuditFacts): void
}

/** A step of a search, from the newest event to older ones. */
export interface AuditStep {
  /** What matches, newest first, each with the cursor of what is older than it. */
  found: { event: AuditEvent; older: string }[]
  /** The cursor of what is older than all that this step looked at. */
  older: string
}

/** The log as the page reads it, too. */
export interface AuditLog extends Audit {
  /** `memory`: the last events since the start; `file`: all that the files hold; null: nothing is kept. */
  readonly kept: 'memory' | 'file' | null
  /** Events that could not be written yet. */
  readonly unwritten: number
  /**
   * Looks for events in steps, so that the caller can stop between them.
   * @param before cursor of an earlier search: only what is older; null: from the newest
   */
  search(filter: AuditFilter, before: string | null): AsyncIterable<AuditStep>
  close(): Promise<void>
}

/** Who asks, as events tell it. */
export const askerOf = (request: FastifyRequest): Pick<AuditFacts, 'user' | 'from'> => ({
  user: request.identity?.user ?? null,
  from: request.ip,
})

const refusals: ReadonlySet<Cause> = new Set<Cause>([
  'no-permission',
  'signed-out',
  'sign-in-needed',
  'sign-in-throttled',
  'credentials-refused',
  'code-needed',
  'no-role',
  'role-forbids',
  'launch-refused',
  'embed-off',
  'recording-kept',
  'session-limit',
  'user-limit',
  'viewer-limit',
  'ticket-refused',
])

/** Whether somebody said no, or something broke. */
export const outcomeOf = (cause: Cause): Pick<AuditEvent, 'outcome' | 'cause'> => ({
  outcome: refusals.has(cause) ? 'refused' : 'failed',
  cause,
})
