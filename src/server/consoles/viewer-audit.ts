import type { AuditEvent } from '../../shared/audit.ts'
import { detailBeginnings, exactDetails } from '../../shared/audit-detail.ts'
import type { Failure } from '../../shared/cause.ts'
import { type Audit, outcomeOf } from '../audit/audit.ts'
import type { Identity } from '../sign-in/identity.ts'
import type { ViewerEvent } from './members.ts'

/** A user who asks for a console. */
export interface Visitor {
  identity: Identity
  /** Their address */
  from: string
}

type Place = Pick<AuditEvent, 'server' | 'project' | 'session'>

const factsOf = ({ identity: { user }, from }: Visitor, { server, project, session }: Place) => ({
  user: { id: user.id, name: user.name },
  from,
  server,
  project,
  session,
})

/** A console was refused. */
export function recordRefusal(audit: Audit, visitor: Visitor, place: Place, { cause }: Failure): void {
  audit.record('open-console', { ...factsOf(visitor, place), ...outcomeOf(cause) })
}

/** A link was handed out. What follows is between the browser and the gateway, and we do not see it. */
export function recordLink(audit: Audit, visitor: Visitor, place: Place, detail: string | null): void {
  audit.record('open-console', { ...factsOf(visitor, place), outcome: 'done', detail })
}

/** Records in the audit log what one viewer of a session does. */
export function viewerAudit(audit: Audit, visitor: Visitor, place: Place): (event: ViewerEvent) => void {
  return (event) => {
    // Made for each event, and not kept for each viewer: events are few, and viewers are thousands.
    const done = { ...factsOf(visitor, place), outcome: 'done' } as const
    switch (event.type) {
      case 'joined':
        return audit.record('open-console', done)
      case 'left': {
        const { durationMs, typedBytes, sentBytes, cause } = event
        const detail = event.wrote ? exactDetails.writer : exactDetails.reader
        const facts = { ...done, cause, durationMs, bytesIn: typedBytes, bytesOut: sentBytes, detail }
        return audit.record('close-console', facts)
      }
      case 'took-keyboard':
        return audit.record('take-keyboard', done)
      case 'got-keyboard': {
        const detail = event.from === null ? null : `${detailBeginnings.handedBy}${event.from}`
        return audit.record('get-keyboard', { ...done, detail })
      }
      case 'handed-keyboard':
        return audit.record('take-keyboard', { ...done, detail: `${detailBeginnings.handedTo}${event.to}` })
      case 'ended-session':
        return audit.record('end-session', done)
      case 'recording':
        return audit.record(event.on ? 'start-recording' : 'stop-recording', { ...done, detail: event.id })
      case 'marked': {
        const begun = event.on ? detailBeginnings.markSet : detailBeginnings.markRemoved
        const detail = `${begun}${event.at}`
        return audit.record('mark-line', { ...done, detail })
      }
      case 'refused': {
        const action = {
          take: 'take-keyboard',
          end: 'end-session',
          record: 'start-recording',
          mark: 'mark-line',
        } as const
        return audit.record(action[event.what], { ...done, ...outcomeOf('role-forbids') })
      }
    }
  }
}
