import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Clock } from '../shared/clock.ts'
import { bmsApi } from './bms-api.ts'
import type { Directory, SandboxRegion } from './directory.ts'
import { evsApi } from './evs-api.ts'
import { gatewayError, type HuaweiCallers } from './huawei-callers.ts'
import { identityApi } from './identity-api.ts'
import type { Microversion } from './microversion.ts'
import { refuseAsKeystoneMiddleware } from './nova-fault.ts'
import { novaApi } from './openstack-api.ts'
import type { PowerControl } from './power.ts'
import type { SandboxServer, SandboxServers } from './sandbox-server.ts'
import type { AccessKey } from './signature.ts'
import type { TokenStore } from './tokens.ts'
import { volumeApi } from './volume-api.ts'

/** A request to the cloud, without headers and body, so that no secret is kept. */
export interface LoggedRequest {
  method: string
  /** Without the query */
  path: string
  region: string
  /** When it came */
  at: number
}

/** The call that asks for a console. Each gives URLs of its own form. */
export type ConsoleApi = 'bms' | 'nova' | 'open-telekom-cloud'

export interface CloudApiOptions {
  /** The region that these services belong to */
  region: string
  /** A function, since the ports are known only after the start. */
  regions: () => readonly SandboxRegion[]
  directory: Directory
  tokens: { iam: TokenStore; keystone: TokenStore }
  accessKey: AccessKey
  servers: SandboxServers
  /** Waits as long as a page of a list takes. */
  pageDelay: () => Promise<void>
  openTelekomCloud: boolean
  maxMicroversion: Microversion
  onRequest: (request: LoggedRequest) => void
  issueUrl: (server: SandboxServer, api: ConsoleApi) => string | Promise<string>
  power: PowerControl
  clock: Clock
}

/**
 * One region of two clouds that share servers and users. Each speaks its documented wire format: Huawei Cloud at `/v3` and
 * `/v1/{project_id}`, OpenStack at `/identity/v3`, `/compute/v2.1` and `/volume/v3`, where DevStack puts them.
 */
export function buildCloudApi(options: CloudApiOptions): FastifyInstance {
  const { region, regions, directory, tokens, servers, pageDelay, clock } = options
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.addHook('onRequest', async ({ method, url }) =>
    options.onRequest({ method, path: url.split('?', 1)[0] ?? '', region, at: options.clock.now() }),
  )
  // A signature covers the body as it was sent, so the body is kept.
  const bodies = new WeakMap<FastifyRequest, string>()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    bodies.set(request, String(body))
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(new Error('The body is not JSON.'))
    }
  })
  app.setNotFoundHandler((_request, reply) =>
    gatewayError(
      reply,
      404,
      'APIGW.0101',
      'The API does not exist or has not been published in the environment.',
    ),
  )
  for (const [dialect, prefix] of [
    ['iam', '/v3'],
    ['keystone', '/identity/v3'],
  ] as const)
    app.register(identityApi({ dialect, directory, regions, tokens: tokens[dialect], clock }), { prefix })

  const callers: HuaweiCallers = {
    region,
    projects: directory.projects,
    tokens: tokens.iam,
    accessKey: options.accessKey,
    keyOwner: directory.people.operator,
    bodyOf: (request) => bodies.get(request) ?? '',
    clock,
  }
  app.register(
    bmsApi({
      ...callers,
      servers,
      pageDelay,
      remoteConsole: !options.openTelekomCloud,
      issueUrl: (server) => options.issueUrl(server, 'bms'),
      power: options.power,
    }),
    { prefix: '/v1/:project_id' },
  )
  app.register(evsApi({ ...callers, servers }), { prefix: '/v2/:project_id' })
  const keystoneRefuses = (reply: FastifyReply) =>
    refuseAsKeystoneMiddleware(`${regions()[0]?.endpoint}/identity`, reply)
  const compute = novaApi({
    region,
    servers,
    pageDelay,
    tokens: tokens.keystone,
    windowsConsole: true,
    issueUrl: (server) => options.issueUrl(server, 'nova'),
    power: options.power,
    maxMicroversion: options.maxMicroversion,
    refuse: keystoneRefuses,
  })
  app.register(volumeApi({ region, servers, tokens: tokens.keystone, refuse: keystoneRefuses }), {
    prefix: '/volume/v3/:project_id',
  })
  app.register(compute, { prefix: '/compute/v2.1' })
  app.register(compute, { prefix: '/compute/v2.1/:project_id' })
  // Open Telekom Cloud gives consoles by a Nova from before microversions, behind its own API gateway and IAM.
  // https://github.com/opentelekomcloud-docs/bare-metal-server (native_openstack_nova_v2.1_apis)
  if (options.openTelekomCloud) {
    const refuse = (reply: FastifyReply) =>
      gatewayError(reply, 401, 'APIGW.0301', 'Incorrect IAM authentication information: token expires')
    const action = novaApi({
      region,
      servers,
      pageDelay,
      tokens: tokens.iam,
      maxMicroversion: null,
      windowsConsole: false,
      issueUrl: (server) => options.issueUrl(server, 'open-telekom-cloud'),
      power: options.power,
      refuse,
    })
    app.register(action, { prefix: '/v2.1/:project_id' })
  }
  return app
}
