import type { IssuedConsole } from '../../shared/api.ts'
import { serverCan } from '../../shared/server.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import { toSocketUrl } from './gateway-url.ts'
import type { RelaySessions } from './relay-sessions.ts'

/**
 * Issues a console: asks the cloud for a link, checks where it leads, and hands out either the link (`direct`)
 * or a one-use ticket to our relay (`relay`), which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  cloud: Cloud,
  config: Config['console'],
  sessions: RelaySessions,
  serverId: string,
  now: () => number,
): Promise<IssuedConsole> {
  const server = await cloud.getServer(serverId)
  const availability = serverCan.openConsole(server)
  if (!availability.offered) {
    throw new CloudError({
      cause: availability.cause,
      detail: `${server.name} runs Windows: the cloud offers no serial console for it.`,
    })
  }
  const url = toSocketUrl(await cloud.remoteConsole(serverId), config.gateways)
  const linkExpiresAt = now() + config.linkTtl * 1000
  const sysrq = config.sysrqSequence === null ? null : { sequence: config.sysrqSequence }
  switch (config.transport) {
    case 'direct':
      return { transport: 'direct', url, expiresAt: new Date(linkExpiresAt).toISOString(), sysrq }
    case 'relay': {
      const { session, ticket, expiresAt } = sessions.create({ serverId, url })
      return { transport: 'relay', session, ticket, expiresAt: new Date(expiresAt).toISOString(), sysrq }
    }
  }
}
