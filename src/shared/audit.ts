import * as z from 'zod/mini'
import { Cause } from './cause.ts'
import { ProjectRef } from './server.ts'

export const AuditAction = z.enum([
  'sign-in',
  'sign-out',
  'open-console',
  'close-console',
  'take-keyboard',
  /** The keyboard came to somebody who did not take it: it was free, handed over, or its writer had left. */
  'get-keyboard',
  'end-session',
  'power',
  'start-recording',
  'stop-recording',
  /** Marked a line of the output, or took the mark away */
  'mark-line',
  'start-watching',
  'stop-watching',
  /** Read what a line has said */
  'read-log',
  'read-recording',
  /** Looked for a text in what was printed */
  'search-log',
  'search-recordings',
  'delete-recording',
  /** Read who was at a server's console and who switched its power */
  'read-console-history',
  'read-audit',
  /** The log lacks `count` events here. */
  'lose-events',
  /** Any other request that the user's role does not allow */
  'other',
])
export type AuditAction = z.infer<typeof AuditAction>

export const AuditOutcome = z.enum(['done', 'refused', 'failed'])
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** One line of the audit log. It never holds what was typed or printed, nor a token. */
export const AuditEvent = z.object({
  /** ISO 8601; of a repeated event, the last time */
  time: z.string(),
  action: AuditAction,
  outcome: AuditOutcome,
  /** Why it was refused or failed */
  cause: z.nullable(Cause),
  /** null: nobody was signed in, or BMS Console did it by itself */
  user: z.nullable(z.object({ id: z.string(), name: z.string() })),
  /** The client's address; empty: BMS Console did it by itself */
  from: z.string(),
  server: z.nullable(z.object({ id: z.string(), name: z.nullable(z.string()) })),
  /** The server's project; null: it belongs to none, or is not known */
  project: z._default(z.nullable(ProjectRef), null),
  /** The console session */
  session: z.nullable(z.string()),
  durationMs: z.nullable(z.number()),
  /** Typed, and printed, through the relay */
  bytesIn: z.nullable(z.number()),
  bytesOut: z.nullable(z.number()),
  /** The power action, the route or the recording's id */
  detail: z.nullable(z.string()),
  /** How often it happened. Repeats are counted into one event. */
  count: z._default(z.number(), 1),
})
export type AuditEvent = z.infer<typeof AuditEvent>

const part = () => z.optional(z.string().check(z.trim(), z.maxLength(200)))

/** Selects events. */
export const AuditFilter = z.object({
  /** Part of the user's name or id, in any case */
  user: part(),
  /** Part of the server's name or id, in any case */
  server: part(),
  action: z.optional(AuditAction),
  outcome: z.optional(AuditOutcome),
  /** ISO 8601; the first moment */
  from: z.optional(z.iso.datetime({ offset: true })),
  /** ISO 8601; the first moment after */
  to: z.optional(z.iso.datetime({ offset: true })),
})
export type AuditFilter = z.infer<typeof AuditFilter>

/**
 * Where a page of events begins; it comes from the page before. Where several replicas have logs, it is the time of the
 * oldest event that was shown, and a place in each log.
 */
export const AuditCursor = z
  .string()
  .check(
    z.regex(/^(?:(?:[0-9a-f]{16}\.)?\d{1,15}|t\d{1,15}(?:~[\w-]{1,64}:(?:[0-9a-f]{16}\.)?\d{1,15}){0,100})$/),
  )

/** Events, newest first. */
export const AuditList = z.object({
  events: z.array(AuditEvent),
  /** The cursor of the events before these; null: there are none. */
  older: z.nullable(z.string()),
  /** False: the search ran out of time, and `older` continues where it stopped. */
  complete: z.boolean(),
  /** `memory`: only the last 5,000 since the server's start */
  kept: z.enum(['memory', 'file']),
  /** Events that are not in the file yet, because writing failed */
  unwritten: z.number(),
  /** A replica does not answer that may have more of them. */
  away: z.optional(z.literal(true)),
})
export type AuditList = z.infer<typeof AuditList>
