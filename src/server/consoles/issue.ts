import type { FastifyBaseLogger } from 'fastify'
import type { IssuedConsole, IssueRequest } from '../../shared/api.ts'
import type { Failure, WayFault } from '../../shared/cause.ts'
import { roleMay } from '../../shared/user.ts'
import type { Audit } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import type { Meter } from '../metrics/meter.ts'
import { targetOf } from '../outbound/proxies.ts'
import { isLocalUser } from '../sign-in/service/service.ts'
import type { DirectLinks } from './direct-links.ts'
import { directObstacle } from './direct-obstacle.ts'
import type { GatewayReach } from './gateway-reach.ts'
import { LineElsewhere } from './line-ownership.ts'
import { type ConsoleLink, issueLink } from './link.ts'
import type { Sessions } from './sessions.ts'
import { byReach, relayAtOnce, type WhyTransport } from './transport-choice.ts'
import { recordLink, recordRefusal, type Visitor } from './viewer-audit.ts'

export interface ConsoleRequest {
  serverId: string
  visitor: Visitor
  /** The page that asks; null: another program, which is not asked back */
  page: IssueRequest | null
  /** Where the browser has its page from. null: it is another program, or did not say so */
  pageOrigin: string | null
  log: FastifyBaseLogger
}

/** What issues consoles, and hears of it */
export interface ConsoleWays {
  sessions: Sessions
  links: DirectLinks
  reach: GatewayReach
  meter: Meter
  audit: Audit
}

/**
 * Issues a console: hands out either the link (`direct`) or a one-use ticket to the session in our relay (`relay`),
 * which keeps the link to itself.
 * @throws CloudError
 */
export async function issueConsole(
  config: Config['console'],
  ways: ConsoleWays,
  request: ConsoleRequest,
): Promise<IssuedConsole> {
  try {
    const sysrq = config.sysrqSequence === null ? null : { sequence: config.sysrqSequence }
    return { ...(await issue(config, ways, request)), sysrq }
  } catch (error) {
    // It is asked for there, and nobody is refused.
    if (error instanceof LineElsewhere) throw error
    const failure = error instanceof CloudError ? error.failure : ({ cause: 'proxy-error' } as const)
    // The access guard already records what a role forbids, for every route.
    if (failure.cause === 'role-forbids') throw error
    const { serverId, visitor } = request
    const project = visitor.identity.project ?? null
    const place = { server: { id: serverId, name: null }, project, session: null }
    recordRefusal(ways.audit, visitor, place, failure)
    throw error
  }
}

type Issued = IssuedConsole extends infer Each ? (Each extends unknown ? Omit<Each, 'sysrq'> : never) : never

async function issue(config: Config['console'], ways: ConsoleWays, request: ConsoleRequest): Promise<Issued> {
  switch (config.transport) {
    case 'direct': {
      const { user } = request.visitor.identity
      // The gateway lets anybody type who has the link.
      if (!roleMay(user.role, 'write')) {
        throw new CloudError({
          cause: 'role-forbids',
          detail: `The role ${user.role} can only watch; a read-only console needs BMS_CONSOLE_TRANSPORT=relay.`,
        })
      }
      await askFirst(ways, request)
      const link = await linkOf(config, request)
      const obstacle = obstacleOf(link, request)
      if (obstacle) throw new CloudError(obstacle)
      return direct(config, ways, request, link, null)
    }
    case 'relay':
      return relay(ways, request, 'set')
    case 'auto':
      return choose(config, ways, request)
  }
}

/** The relay, unless only the browser can reach the gateway, and nothing is lost by a direct line that was promised. */
async function choose(
  config: Config['console'],
  ways: ConsoleWays,
  request: ConsoleRequest,
): Promise<Issued> {
  const { serverId, visitor, page, log } = request
  const relayOnly = page?.relayOnly ?? null
  const onRelay = ways.sessions.has(serverId)
  if (relayOnly?.type === 'direct-failed')
    log.info({ server: serverId, why: relayOnly.why }, 'a direct line failed')
  // A new line may end the one that a browser has. A session's line is there already.
  if (!onRelay) await askFirst(ways, request)
  const mayWrite = roleMay(visitor.identity.user.role, 'write')
  const atOnce = relayAtOnce({ needs: config.relayNeeds, mayWrite, onRelay, relayOnly })
  if (atOnce) return relay(ways, request, atOnce)
  const link = await linkOf(config, request)
  if (obstacleOf(link, request)) return relay(ways, request, 'no-browser', link)
  const unreached = await ways.reach.why(targetOf(new URL(link.url)))
  const why = byReach(unreached ? unreached.fault : undefined)
  // Another may have come meanwhile.
  if (!unreached?.fault || why !== 'unreached' || ways.sessions.has(serverId))
    return relay(ways, request, why === 'unreached' ? 'shared' : why, link)
  log.warn({ server: serverId, detail: unreached.message }, 'the console is given to the browser')
  return direct(config, ways, request, link, unreached.fault)
}

/** @param unreached why this server cannot reach the gateway; null: lines are always direct here */
async function direct(
  config: Config['console'],
  { links, audit, meter }: ConsoleWays,
  { serverId, visitor, page }: ConsoleRequest,
  { url, serverName, project }: ConsoleLink,
  unreached: WayFault | null,
): Promise<Issued> {
  const { user } = visitor.identity
  const other = page && (await links.ofAnother(serverId, page.client))
  const server = { id: serverId, name: serverName }
  const details = [
    ...(unreached === null ? [] : [`direct: this server cannot reach the gateway (${unreached})`]),
    ...(other ? [`over the link of ${other.user.name}`] : []),
  ]
  recordLink(audit, visitor, { server, project, session: null }, details.join('; ') || null)
  if (page) await links.gave({ server, project, user, client: page.client })
  meter.issued('direct', unreached === null ? 'set' : 'unreached')
  const given = { transport: 'direct', url, expiresInMs: config.linkTtl * 1000 } as const
  return unreached === null ? given : { ...given, unreached }
}

/** @param link was asked for already */
async function relay(
  { sessions, links, meter }: ConsoleWays,
  { serverId, visitor, page }: ConsoleRequest,
  why: WhyTransport | 'set',
  link?: ConsoleLink,
): Promise<Issued> {
  const given = await sessions.ticket(serverId, visitor.identity, link)
  // A page that is moved to the relay has let go of its direct line.
  if (page) await links.released(serverId, page.client)
  meter.issued('relay', why)
  return { transport: 'relay', ...given }
}

const obstacleOf = ({ url }: ConsoleLink, { pageOrigin }: ConsoleRequest): Failure | null =>
  pageOrigin === null ? null : directObstacle(url, pageOrigin)

const linkOf = ({ gateways }: Config['console'], { serverId, visitor }: ConsoleRequest) =>
  issueLink(visitor.identity.cloud, gateways, serverId)

/**
 * The gateway has one line for a server. It may end another page's, or leave this one silent.
 * @throws CloudError `in-use`
 */
async function askFirst({ links }: ConsoleWays, { serverId, visitor, page }: ConsoleRequest): Promise<void> {
  const other = page?.ask ? await links.ofAnother(serverId, page.client) : null
  if (!other) return
  const { identity } = visitor
  const { server, user } = other
  // The name is for those only whom the cloud shows the server.
  if (identity.cloudDecides) await identity.cloud.getServer(server.id)
  const yours = user.id === identity.user.id && !isLocalUser(user)
  throw new CloudError({ cause: 'in-use', inUseBy: { name: user.name, yours, agoMs: links.ageOf(other) } })
}
