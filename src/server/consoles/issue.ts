import type { IssuedConsole } from '../../shared/api.ts'
import { roleMay } from '../../shared/user.ts'
import type { Audit } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import { issueLink } from './link.ts'
import type { Sessions } from './sessions.ts'
import { recordLink, recordRefusal, type Visitor } from './viewer-audit.ts'

export interface ConsoleRequest {
  serverId: string
  visitor: Visitor
}

/**
 * Issues a console: hands out either the link (`direct`) or a one-use ticket to the session in our relay (`relay`),
 * which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  config: Config['console'],
  sessions: Sessions,
  audit: Audit,
  request: ConsoleRequest,
): Promise<IssuedConsole> {
  try {
    return await issue(config, sessions, audit, request)
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
  sessions: Sessions,
  audit: Audit,
  { serverId, visitor }: ConsoleRequest,
): Promise<IssuedConsole> {
  const { identity } = visitor
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
      const { url, serverName, project } = await issueLink(identity.cloud, config.gateways, serverId)
      recordLink(audit, visitor, { server: { id: serverId, name: serverName }, project, session: null })
      return { transport: 'direct', url, expiresInMs: config.linkTtl * 1000, sysrq }
    }
    case 'relay':
      return { transport: 'relay', ...(await sessions.ticket(serverId, identity)), sysrq }
  }
}
