import type { AuditFilter } from '../../../shared/audit.ts'
import type { AuditLog } from '../audit.ts'
import { placeIn } from './cursor.ts'
import { type KeptEvents, MOST_EVENTS } from './wire.ts'

/** One replica's audit log */
export interface OwnAudit {
  audit: AuditLog
  /** Names it for good; null: it ends with the process. */
  store: string | null
  /** This process's */
  replicaId: string
}

/**
 * The next events of this replica's log, as the others get them.
 * @param timeIsUp true ends the search here.
 */
export async function readOwn(
  { audit, store, replicaId }: OwnAudit,
  { before = null, ...asked }: AuditFilter & { before?: string | null | undefined },
  timeIsUp: () => boolean,
): Promise<KeptEvents> {
  const name = store ?? replicaId
  const { kept, unwritten } = audit
  const found: KeptEvents['found'] = []
  const answer = (older: string | null): KeptEvents => ({ store, name, kept, unwritten, found, older })
  const place = placeIn(name, before, asked)
  for await (const step of audit.search(place.filter, place.before)) {
    for (const one of step.found) {
      found.push(one)
      if (found.length === MOST_EVENTS) return answer(one.older)
    }
    if (timeIsUp()) return answer(step.older)
  }
  return answer(null)
}
