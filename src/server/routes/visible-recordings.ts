import type { Cause } from '../../shared/cause.ts'
import type { RecordingInfo } from '../../shared/recording.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Identity } from '../sign-in/identity.ts'
import { mayIn } from '../sign-in/rights.ts'

/**
 * A reader needs the right in the recording's project. If the cloud knows its users, they must see the server, too.
 * An administrator of the installation sees all.
 */
export async function visible(
  identity: Identity,
  recordings: readonly RecordingInfo[],
): Promise<readonly RecordingInfo[]> {
  const { cloud, cloudDecides, user } = identity
  const all = recordings.filter(({ project }) => mayIn(identity, project, 'read-recordings'))
  if (!cloudDecides || user.installationAdmin || all.length === 0) return all
  const shown = new Set((await cloud.listServers()).servers.map(({ id }) => id))
  return all.filter(({ serverId }) => shown.has(serverId))
}

export async function reaches(identity: Identity, { project, serverId }: RecordingInfo): Promise<boolean> {
  const { cloud, cloudDecides, user } = identity
  if (!mayIn(identity, project, 'read-recordings')) return false
  if (!cloudDecides || user.installationAdmin) return true
  try {
    await cloud.getServer(serverId)
    return true
  } catch (error) {
    // A cloud that does not answer has not said no.
    if (!(error instanceof CloudError) || !refusals.has(error.failure.cause)) throw error
    return false
  }
}

const refusals: ReadonlySet<Cause> = new Set<Cause>(['server-not-found', 'no-permission', 'no-role'])

/** null is among them where a recording belongs to none. */
export function projectsOf(infos: readonly RecordingInfo[]): RecordingInfo['project'][] {
  return [...new Map(infos.map(({ project }) => [project?.id, project])).values()]
}
