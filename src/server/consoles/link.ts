import { type ProjectRef, serverCan } from '../../shared/server.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { toSocketUrl } from './gateway-url.ts'

/** Where a server's console is: the socket's URL, token included, and what the server is called. */
export interface ConsoleLink {
  url: string
  serverName: string
  /** The server's */
  project: ProjectRef | null
}

/**
 * Asks the cloud for a console's link and checks where it leads. A Windows server is refused before the call.
 * @throws CloudError
 */
export async function issueLink(
  cloud: Cloud,
  gateways: readonly string[],
  serverId: string,
): Promise<ConsoleLink> {
  const server = await cloud.getServer(serverId)
  const availability = serverCan.openConsole(server)
  if (!availability.offered) {
    throw new CloudError({
      cause: availability.cause,
      detail: `${server.name} runs Windows: the cloud offers no serial console for it.`,
    })
  }
  const url = await reissueLink(cloud, gateways, serverId)
  return { url, serverName: server.name, project: server.project }
}

/**
 * Asks for another link to a server that has a console. Nothing else is asked: where many lines are lost together, each
 * call counts.
 * @throws CloudError
 */
export async function reissueLink(
  cloud: Cloud,
  gateways: readonly string[],
  serverId: string,
): Promise<string> {
  return toSocketUrl(await cloud.remoteConsole(serverId), gateways)
}
