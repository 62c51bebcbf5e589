import type { IssuedConsole, IssueRequest } from '../../shared/api.ts'
import { roleMay } from '../../shared/user.ts'
import type { Audit } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { Identity } from '../sign-in/identity.ts'
import { isLocalUser } from '../sign-in/service/service.ts'
import type { DirectLink, DirectLinks } from './direct-links.ts'
import { directObstacle } from './direct-obstacle.ts'
import { issueLink } from './link.ts'
import type { Sessions } from './sessions.ts'
import { recordLink, recordRefusal, type Visitor } from './viewer-audit.ts'

export interface ConsoleRequest {
  serverId: string
  visitor: Visitor
  /** The page that asks; null: another program, which is not asked back */
  page: IssueRequest | null
  /** Where the browser has its page from. null: it is another program, or did not say so */
  pageOrigin: string | null
}

/**
 * Issues a console: hands out either the link (`direct`) or a one-use ticket to the session in our relay (`relay`),
 * which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  config: Config['console'],
  ways: { sessions: Sessions; links: DirectLinks },
  audit: Audit,
  request: ConsoleRequest,
): Promise<IssuedConsole> {
  try {
    return await issue(config, ways, audit, request)
  } catch (error) {
    const failure = error instanceof CloudError ? error.failure : ({ cause: 'proxy-error' } as const)
    // The access guard already records what a role forbids, for every route.
    if (failure.cause === 'role-forbids') throw error
    const { serverId, visitor } = request
    const project = visitor.identity.project ?? null
    recordRefusal(audit, visitor, { server: { id: serverId, name: null }, project, session: null }, failure)
    throw error
  }
}

async function issue(
  config: Config['console'],
  ways: { sessions: Sessions; links: DirectLinks },
  audit: Audit,
  { serverId, visitor, page, pageOrigin }: ConsoleRequest,
): Promise<IssuedConsole> {
  const { identity } = visitor
  const { sessions, links } = ways
  const sysrq = config.sysrqSequence === null ? null : { sequence: config.sysrqSequence }
  switch (config.transport) {
    case 'direct': {
      // The gateway lets anybody type who has the link.
      if (!roleMay(identity.user.role, 'write')) {
        throw new CloudError({
          cause: 'role-forbids',
          detail: `The role ${identity.user.role} can only watch; a read-only console needs BMS_CONSOLE_TRANSPORT=relay.`,
        })
      }
      const other = page && links.ofAnother(serverId, page.client)
      if (page?.ask && other) await askFirst(identity, other, links.ageOf(other))
      const { url, serverName, project } = await issueLink(identity.cloud, config.gateways, serverId)
      const obstacle = pageOrigin === null ? null : directObstacle(url, pageOrigin)
      if (obstacle) throw new CloudError(obstacle)
      const server = { id: serverId, name: serverName }
      const over = other && `over the link of ${other.user.name}`
      recordLink(audit, visitor, { server, project, session: null }, over)
      if (page) links.gave({ server, project, user: identity.user, client: page.client })
      return { transport: 'direct', url, expiresInMs: config.linkTtl * 1000, sysrq }
    }
    case 'relay':
      return { transport: 'relay', ...(await sessions.ticket(serverId, identity)), sysrq }
  }
}

/**
 * The gateway has one line for a server. It may end the other page's, or leave this one silent.
 * @throws CloudError `in-use`
 */
async function askFirst(identity: Identity, { server, user }: DirectLink, agoMs: number): Promise<never> {
  // The name is for those only whom the cloud shows the server.
  if (identity.cloudDecides) await identity.cloud.getServer(server.id)
  const yours = user.id === identity.user.id && !isLocalUser(user)
  throw new CloudError({ cause: 'in-use', inUseBy: { name: user.name, yours, agoMs } })
}
