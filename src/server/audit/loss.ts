import type { AuditEvent } from '../../shared/audit.ts'
import { byItself } from './audit.ts'
import { eventOf } from './event.ts'

/** Counts the events that a log could not keep. One event of the log tells of all that were lost until it was written. */
export class Loss {
  #untold: AuditEvent | null = null

  /** The event that tells, while it can still grow. */
  get untold(): AuditEvent | null {
    return this.#untold
  }

  /** @returns the event that tells of it, where none was waiting to be written */
  count({ time, count }: AuditEvent): AuditEvent | null {
    if (this.#untold) {
      this.#untold.time = time
      this.#untold.count += count
      return null
    }
    this.#untold = eventOf('lose-events', { ...byItself, outcome: 'failed', time, count }, 0)
    return this.#untold
  }

  /** It is being written: the next that is lost begins another. */
  told(): void {
    this.#untold = null
  }
}
