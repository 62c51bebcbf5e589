import type { IssuedConsole } from '../../shared/api.ts'
import { serverCan } from '../../shared/server.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { Identity } from '../sign-in/identity.ts'
import { toSocketUrl } from './gateway-url.ts'
import type { Hubs } from './hubs.ts'

/** Where a server's console is: the socket's URL, token included, and what the server is called. */
export interface ConsoleLink {
  url: string
  serverName: string
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
  return { url: toSocketUrl(await cloud.remoteConsole(serverId), gateways), serverName: server.name }
}

/**
 * Issues a console: hands out either the link (`direct`) or a one-use ticket to the session in our relay (`relay`),
 * which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  config: Config['console'],
  hubs: Hubs,
  request: { serverId: string; identity: Identity; now: number },
): Promise<IssuedConsole> {
  const { serverId, identity, now } = request
  const sysrq = config.sysrqSequence === null ? null : { sequence: config.sysrqSequence }
  switch (config.transport) {
    case 'direct': {
      const { url } = await issueLink(identity.cloud, config.gateways, serverId)
      const expiresAt = new Date(now + config.linkTtl * 1000).toISOString()
      return { transport: 'direct', url, expiresAt, sysrq }
    }
    case 'relay': {
      const { session, ticket, expiresAt } = await hubs.ticket(serverId, identity)
      return { transport: 'relay', session, ticket, expiresAt: new Date(expiresAt).toISOString(), sysrq }
    }
  }
}
