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
  /** epoch ms */
  now: () => number
}

/** The other logs' events wait no longer for one that has to be looked through. */
const SEARCH_MS = 1_000

/**
 * The next events of this replica's log, as the others get them.
 * @param isGone whether nobody waits for them any more
 */
export async function readOwn(
  { audit, store, replicaId, now }: OwnAudit,
  { before = null, ...asked }: AuditFilter & { before?: string | null | undefined },
  isGone: () => boolean = () => false,
): Promise<KeptEvents> {
  const until = now() + SEARCH_MS
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
    if (now() > until || isGone()) return answer(step.older)
  }
  return answer(null)
}
