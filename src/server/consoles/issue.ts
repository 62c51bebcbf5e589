import type { IssuedConsole } from '../../shared/api.ts'
import { serverCan } from '../../shared/server.ts'
import { roleMay } from '../../shared/user.ts'
import type { Audit } from '../audit/audit.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import { toSocketUrl } from './gateway-url.ts'
import type { Hubs } from './hubs.ts'
import { tellLinked, tellRefused, type Visitor } from './viewer-audit.ts'

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

export interface ConsoleRequest {
  serverId: string
  visitor: Visitor
  /** ms since the epoch */
  now: number
}

/**
 * Issues a console: hands out either the link (`direct`) or a one-use ticket to the session in our relay (`relay`),
 * which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  config: Config['console'],
  hubs: Hubs,
  audit: Audit,
  request: ConsoleRequest,
): Promise<IssuedConsole> {
  try {
    return await issue(config, hubs, audit, request)
  } catch (error) {
    const failure = error instanceof CloudError ? error.failure : ({ cause: 'proxy-error' } as const)
    // What a role forbids is told where every route's is.
    if (failure.cause === 'role-forbids') throw error
    const place = { server: { id: request.serverId, name: null }, session: null }
    tellRefused(audit, request.visitor, place, failure)
    throw error
  }
}

async function issue(
  config: Config['console'],
  hubs: Hubs,
  audit: Audit,
  { serverId, visitor, now }: ConsoleRequest,
): Promise<IssuedConsole> {
  const { identity } = visitor
  const sysrq = config.sysrqSequence === null ? null : { sequence: config.sysrqSequence }
  switch (config.transport) {
    case 'direct': {
      // The gateway lets whoever has the link type.
      if (!roleMay(identity.user.role, 'write')) {
        throw new CloudError({
          cause: 'role-forbids',
          detail: `The role ${identity.user.role} may watch only; a read-only console needs BMS_CONSOLE_TRANSPORT=relay.`,
        })
      }
      const { url, serverName } = await issueLink(identity.cloud, config.gateways, serverId)
      tellLinked(audit, visitor, { id: serverId, name: serverName })
      const expiresAt = new Date(now + config.linkTtl * 1000).toISOString()
      return { transport: 'direct', url, expiresAt, sysrq }
    }
    case 'relay': {
      const { session, ticket, expiresAt } = await hubs.ticket(serverId, identity)
      return { transport: 'relay', session, ticket, expiresAt: new Date(expiresAt).toISOString(), sysrq }
    }
  }
}
