import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { bmsApi, gatewayError } from './bms-api.ts'
import type { Directory, SandboxRegion } from './directory.ts'
import { identityApi } from './identity-api.ts'
import type { Microversion } from './microversion.ts'
import { refuseAsKeystoneMiddleware } from './nova-fault.ts'
import { novaApi } from './openstack-api.ts'
import type { SandboxServer } from './sandbox-server.ts'
import type { AccessKey } from './signature.ts'
import type { TokenStore } from './tokens.ts'

/** What was asked of the cloud: no header and no body, so no secret. */
export interface LoggedRequest {
  method: string
  /** Without the query */
  path: string
  region: string
}

/** Which console call a URL answers: each has its own form. */
export type ConsoleApi = 'bms' | 'nova' | 'open-telekom-cloud'

export interface CloudApiOptions {
  /** The one whose services these are. */
  region: string
  /** Asked late: the ports are known by then. */
  regions: () => readonly SandboxRegion[]
  directory: Directory
  tokens: { iam: TokenStore; keystone: TokenStore }
  accessKey: AccessKey
  servers: ReadonlyMap<string, SandboxServer>
  openTelekomCloud: boolean
  maxMicroversion: Microversion
  onRequest: (request: LoggedRequest) => void
  issueUrl: (server: SandboxServer, api: ConsoleApi) => string | Promise<string>
  now: () => number
}

/**
 * One region of two clouds over the same servers and users, each in its documented wire format: Huawei Cloud (`/v3`,
 * `/v1/{project_id}`) and OpenStack (`/identity/v3`, `/compute/v2.1`, where DevStack puts them).
 */
export function buildCloudApi(options: CloudApiOptions): FastifyInstance {
  const { region, regions, directory, tokens, servers, now } = options
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.addHook('onRequest', async ({ method, url }) =>
    options.onRequest({ method, path: url.split('?', 1)[0] ?? '', region }),
  )
  // A signature is of the body as it was sent.
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
    app.register(identityApi({ dialect, directory, regions, tokens: tokens[dialect], now }), { prefix })

  app.register(
    bmsApi({
      region,
      projects: directory.projects,
      servers,
      tokens: tokens.iam,
      accessKey: options.accessKey,
      keyOwner: directory.people.operator,
      remoteConsole: !options.openTelekomCloud,
      bodyOf: (request) => bodies.get(request) ?? '',
      issueUrl: (server) => options.issueUrl(server, 'bms'),
      now,
    }),
    { prefix: '/v1/:project_id' },
  )
  const compute = novaApi({
    region,
    servers,
    tokens: tokens.keystone,
    windowsConsole: true,
    issueUrl: (server) => options.issueUrl(server, 'nova'),
    maxMicroversion: options.maxMicroversion,
    refuse: (reply) => refuseAsKeystoneMiddleware(`${regions()[0]?.endpoint}/identity`, reply),
  })
  app.register(compute, { prefix: '/compute/v2.1' })
  app.register(compute, { prefix: '/compute/v2.1/:project_id' })
  // Native Nova, of a time before microversions, behind the cloud's own gateway and IAM.
  // https://github.com/opentelekomcloud-docs/bare-metal-server (native_openstack_nova_v2.1_apis)
  if (options.openTelekomCloud) {
    const refuse = (reply: FastifyReply) =>
      gatewayError(reply, 401, 'APIGW.0301', 'Incorrect IAM authentication information: token expires')
    const action = novaApi({
      region,
      servers,
      tokens: tokens.iam,
      maxMicroversion: null,
      windowsConsole: false,
      issueUrl: (server) => options.issueUrl(server, 'open-telekom-cloud'),
      refuse,
    })
    app.register(action, { prefix: '/v2.1/:project_id' })
  }
  return app
}
