import type { AuditEvent } from '../../shared/audit.ts'
import { eventIn } from './event.ts'
import { MemoryLog } from './memory-log.ts'

/** For tests: a log that keeps what it was told, oldest first, as the lines have it. */
export function testAudit(now: () => number = Date.now) {
  const events: AuditEvent[] = []
  const log = new MemoryLog({
    now,
    write(line) {
      const event = eventIn(line)
      if (event) events.push(event)
    },
  })
  return Object.assign(log, { events })
}
