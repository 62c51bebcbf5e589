import type { AuditAction, AuditFilter } from '../../shared/audit.ts'
import type { Clock } from '../../shared/clock.ts'
import { type AuditFacts, type AuditLog, type AuditStep, isPrivileged } from './audit.ts'

/** Repeats within this time are one event. A crash may lose the count of the last ones. */
const REPEATS_MS = 10_000
/** An open page reads the log again and again. */
const READING_MS = 15 * 60_000
const readings: ReadonlySet<AuditAction> = new Set<AuditAction>(['read-audit', 'read-console-history'])
/** How many different events are watched for repeats. Others are recorded one by one. */
const MAX_KINDS = 10_000

interface Kind {
  action: AuditAction
  /** The last one's */
  facts: AuditFacts
  /** When the last one happened, epoch ms */
  last: number
  /** How many were not recorded yet */
  count: number
}

/**
 * Counts repeats, so that nobody can fill the log, or hide something in it. The first event of a kind is recorded at
 * once. Those that follow soon are counted, and become one event. Privileged events all stay as they are.
 */
export class CountedLog implements AuditLog {
  readonly #log: AuditLog
  readonly #clock: Clock
  readonly #kinds = new Map<string, Kind>()
  #closed = false

  constructor(log: AuditLog, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  get kept(): AuditLog['kept'] {
    return this.#log.kept
  }

  get unwritten(): number {
    return this.#log.unwritten
  }

  record(action: AuditAction, facts: AuditFacts): void {
    if (this.#closed) return
    const key = isPrivileged(action, facts) ? null : keyOf(action, facts)
    const known = key === null ? undefined : this.#kinds.get(key)
    if (known) {
      known.facts = facts
      known.last = this.#clock.now()
      known.count += facts.count ?? 1
      return
    }
    this.#log.record(action, facts)
    if (key === null || this.#kinds.size >= MAX_KINDS) return
    const kind: Kind = { action, facts, last: this.#clock.now(), count: 0 }
    this.#kinds.set(key, kind)
    this.#watch(key, kind)
  }

  async *search(filter: AuditFilter, before: string | null): AsyncGenerator<AuditStep> {
    // The search covers all that happened before it, except how often the log was read: that would grow by each look.
    for (const kind of this.#kinds.values()) if (!readings.has(kind.action)) this.#settle(kind)
    yield* this.#log.search(filter, before)
  }

  async close(): Promise<void> {
    for (const kind of this.#kinds.values()) this.#settle(kind)
    this.#closed = true
    await this.#log.close()
  }

  #watch(key: string, kind: Kind): void {
    this.#clock.after(readings.has(kind.action) ? READING_MS : REPEATS_MS, () => {
      if (this.#closed) return
      if (kind.count === 0) {
        this.#kinds.delete(key)
        return
      }
      this.#settle(kind)
      this.#watch(key, kind)
    })
  }

  /** Records what was counted. */
  #settle(kind: Kind): void {
    const { action, facts, last, count } = kind
    if (count === 0) return
    kind.count = 0
    this.#log.record(action, { ...facts, time: new Date(last).toISOString(), count })
  }
}

/** The same for events that tell the same, apart from when they happened and how long they took. */
function keyOf(action: AuditAction, facts: AuditFacts): string {
  const { outcome, cause, user, from, server, project, session, detail } = facts
  return JSON.stringify([action, outcome, cause, user?.id, from, server?.id, project?.id, session, detail])
}
