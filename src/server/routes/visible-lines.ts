import type { LineRef } from '../line-log/store/store.ts'
import type { Identity } from '../sign-in/identity.ts'
import { mayIn } from '../sign-in/rights.ts'

/**
 * The lines whose logs the asker may read: the right in the server's project is needed. If the cloud knows its users,
 * they must see the server, too.
 */
export async function visibleLines(
  identity: Identity,
  lines: readonly LineRef[],
): Promise<readonly LineRef[]> {
  const { cloud, cloudDecides } = identity
  const all = lines.filter(({ project }) => mayIn(identity, project, 'read-log'))
  if (!cloudDecides || all.length === 0) return all
  const shown = new Set((await cloud.listServers()).servers.map(({ id }) => id))
  return all.filter(({ server }) => shown.has(server.id))
}
