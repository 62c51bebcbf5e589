import type { FastifyRequest } from 'fastify'
import type { AuditAction, AuditEvent, AuditFilter } from '../../shared/audit.ts'
import type { Cause } from '../../shared/cause.ts'

/** What the caller knows of an event. The rest of its fields become null. */
export type AuditFacts = Pick<AuditEvent, 'outcome' | 'user' | 'from'> & Partial<AuditEvent>

/** Where events go. */
export interface Audit {
  /** Returns at once and never throws: a log that cannot be written must not end a console. */
  record(action: AuditAction, facts: AuditFacts): void
}

/** A step of a search, from the newest event to older ones. */
export interface AuditStep {
  /** Matching events, newest first, each with a cursor to all that is older than it. */
  found: { event: AuditEvent; older: string }[]
  /** A cursor to all that is older than what this step looked at. */
  older: string
}

/** A log that the page can also read. */
export interface AuditLog extends Audit {
  /** What the page can read. `memory`: the last events since the start; `file`: all in the files; null: nothing. */
  readonly kept: 'memory' | 'file' | null
  /** How many events could not be written yet. */
  readonly unwritten: number
  /**
   * Looks for events in steps, so that the caller can stop between them.
   * @param before a cursor of an earlier search, to find only what is older; null: start at the newest
   */
  search(filter: AuditFilter, before: string | null): AsyncIterable<AuditStep>
  close(): Promise<void>
}

/** What BMS Console does by itself has neither a user nor an address. */
export const byItself = { user: null, from: '' } as const

/** These open or change something, or show what was printed. */
const weighty: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'sign-in',
  'sign-out',
  'open-console',
  'close-console',
  'end-session',
  'power',
  'start-recording',
  'stop-recording',
  'mark-line',
  'start-watching',
  'stop-watching',
  'read-log',
  'read-recording',
  'delete-recording',
  'lose-events',
])

/**
 * A privileged event is never counted together with others, and no flood of others displaces it. A refusal is not
 * privileged: anybody can cause as many as they like. Nor is a failed sign-in.
 */
export const isPrivileged = (action: AuditAction, { outcome, user }: AuditFacts): boolean =>
  weighty.has(action) && outcome !== 'refused' && (action !== 'sign-in' || user !== null)

/** The user and the address of a request, for an event, and the project of its server. */
export const askerOf = (request: FastifyRequest): Pick<AuditFacts, 'user' | 'from' | 'project'> => ({
  user: request.identity?.user ?? null,
  from: request.ip,
  project: request.identity?.project ?? null,
})

const refusals: ReadonlySet<Cause> = new Set<Cause>([
  'no-permission',
  'signed-out',
  'sign-in-needed',
  'sign-in-throttled',
  'credentials-refused',
  'code-needed',
  'no-role',
  'no-project',
  'role-forbids',
  'launch-refused',
  'embed-off',
  'recording-kept',
  'session-limit',
  'user-limit',
  'viewer-limit',
  'in-use',
  'ticket-refused',
  'too-many-requests',
])

/** `refused` where somebody said no, `failed` where something broke. */
export const outcomeOf = (cause: Cause): Pick<AuditEvent, 'outcome' | 'cause'> => ({
  outcome: refusals.has(cause) ? 'refused' : 'failed',
  cause,
})
