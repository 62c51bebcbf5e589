import type { AuditAction, AuditEvent } from '../../shared/audit.ts'

/** What is told of an event; the rest is null. */
export type AuditFacts = Pick<AuditEvent, 'outcome' | 'user' | 'from'> & Partial<AuditEvent>

/** Where events go. */
export interface Audit {
  record(action: AuditAction, facts: AuditFacts): void
}
