import type { AuditEvent } from '../../shared/audit.ts'
import type { AuditStep } from './audit.ts'

interface PageOptions {
  take: number
  /** Whether the reader may see the event */
  sees: (event: AuditEvent) => boolean
  /** True ends the search here. */
  timeIsUp: () => boolean
}

interface AuditPage {
  events: AuditEvent[]
  older: string | null
  complete: boolean
}

/** A page of events. The next page begins at `older`, also where this search ran out of time. */
export async function readPage(
  search: AsyncIterable<AuditStep>,
  { take, sees, timeIsUp }: PageOptions,
): Promise<AuditPage> {
  const events: AuditEvent[] = []
  let older: string | null = null
  for await (const step of search) {
    for (const found of step.found) {
      if (!sees(found.event)) continue
      if (events.length === take) return { events, older, complete: true }
      events.push(found.event)
      older = found.older
    }
    if (timeIsUp()) return { events, older: step.older, complete: false }
  }
  return { events, older: null, complete: true }
}
