import { eventIn } from '../server/audit/event.ts'
import { MemoryLog } from '../server/audit/memory-log.ts'
import type { AuditEvent } from '../shared/audit.ts'
import { type Clock, systemClock } from '../shared/clock.ts'

/**
 * An audit log that also collects its events, oldest first, as its lines have them. It counts no repeats.
 * @param events those of several logs may come together
 */
export function testAudit(clock: Clock = systemClock, events: AuditEvent[] = []) {
  const log = new MemoryLog({
    clock,
    write(line) {
      const event = eventIn(line)
      if (event) events.push(event)
      return true
    },
  })
  return Object.assign(log, { events })
}
