import type { AuditAction, AuditEvent, AuditFilter } from '../../shared/audit.ts'
import type { Clock } from '../../shared/clock.ts'
import type { AuditFacts, AuditLog, AuditStep } from './audit.ts'
import { eventOf, lineOf } from './event.ts'
import { matcher } from './filter.ts'
import { Loss } from './loss.ts'

/** How many events are kept for the page; a few MB at most. */
export const KEPT_IN_MEMORY = 5_000

interface MemoryLogOptions {
  /** @returns false: the line is lost, since too much waits already */
  write: (line: string) => boolean
  clock: Clock
}

/** Writes each event as a line, and keeps the last ones for the page. */
export class MemoryLog implements AuditLog {
  readonly kept = 'memory'
  readonly unwritten = 0
  readonly #options: MemoryLogOptions
  readonly #events: AuditEvent[] = []
  /** How many events were dropped. Cursors count from the first event, so they stay right. */
  #dropped = 0
  /** Tells what could not be written. The page has it at once; its line comes before the next that can be written. */
  readonly #loss = new Loss()

  constructor(options: MemoryLogOptions) {
    this.#options = options
  }

  record(action: AuditAction, facts: AuditFacts): void {
    const event = eventOf(action, facts, this.#options.clock.now())
    this.#keep(event)
    const { untold } = this.#loss
    if (untold && this.#options.write(lineOf(untold))) this.#loss.told()
    if (!this.#loss.untold && this.#options.write(lineOf(event))) return
    const loss = this.#loss.count(event)
    if (loss) this.#keep(loss)
  }

  #keep(event: AuditEvent): void {
    this.#events.push(event)
    if (this.#events.length <= KEPT_IN_MEMORY) return
    this.#events.shift()
    this.#dropped += 1
  }

  async *search(filter: AuditFilter, before: string | null): AsyncGenerator<AuditStep> {
    const matches = matcher(filter)
    const end = before === null ? this.#events.length : Number(before) - this.#dropped
    const found = this.#events
      .slice(0, Math.max(0, end))
      .map((event, index) => ({ event, older: String(this.#dropped + index) }))
      .filter(({ event }) => matches(event))
      .reverse()
    yield { found, older: String(this.#dropped) }
  }

  async close(): Promise<void> {}
}
