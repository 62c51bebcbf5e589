import { type Audit, byItself } from '../audit/audit.ts'
import type { RecorderOptions } from './recorder.ts'

/** Records what the recorder does by itself. */
export function recordedByItself(audit: Audit): NonNullable<RecorderOptions['onByItself']> {
  return (what, { id, serverId, serverName, project, sessionId }) => {
    const server = { id: serverId, name: serverName }
    const facts = { ...byItself, server, project, session: sessionId }
    switch (what) {
      case 'expired':
        return audit.record('delete-recording', {
          ...facts,
          outcome: 'done',
          detail: `${id}: The limits of age and size allow no more.`,
        })
      case 'interrupted':
        return audit.record('stop-recording', {
          ...facts,
          outcome: 'failed',
          detail: `${id}: The server ended during the recording.`,
        })
    }
  }
}
