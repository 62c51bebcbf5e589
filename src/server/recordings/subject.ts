import type { RecordingInfo } from '../../shared/recording.ts'
import type { ProjectRef } from '../../shared/server.ts'

/** What is recorded, and for whom. It is kept beside the recording and holds no secret. */
export interface RecordingSubject {
  serverId: string
  serverName: string
  project: ProjectRef | null
  sessionId: string
  startedBy: string
  startedById: string
}

/** What is known of a recording that begins. @param began `startedAt` in epoch ms */
export function infoOf(
  subject: RecordingSubject,
  { id, part, startedAt }: { id: string; part: number; startedAt: number },
): RecordingInfo {
  const { serverId, serverName, project, sessionId, startedBy, startedById } = subject
  return {
    id,
    serverId,
    serverName,
    project,
    sessionId,
    part,
    startedBy,
    startedById,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: null,
    duration: 0,
    bytes: 0,
    lostBytes: 0,
    state: 'recording',
    reason: null,
    why: null,
  }
}
