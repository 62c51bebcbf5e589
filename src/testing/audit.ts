import { eventIn } from '../server/audit/event.ts'
import { MemoryLog } from '../server/audit/memory-log.ts'
import type { AuditEvent } from '../shared/audit.ts'
import { systemClock } from '../shared/clock.ts'

/** An audit log that also collects its events, oldest first, as its lines have them. */
export function testAudit() {
  const events: AuditEvent[] = []
  const log = new MemoryLog({
    clock: systemClock,
    write(line) {
      const event = eventIn(line)
      if (event) events.push(event)
    },
  })
  return Object.assign(log, { events })
}
