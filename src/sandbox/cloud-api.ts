import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ServerFixture } from './fleet.ts'
import type { Machine } from './machines/machine.ts'
import { type AccessKey, refuseSignature } from './signature.ts'

export interface SandboxServer {
  fixture: ServerFixture
  machine: Machine
  created: string
}

export interface CloudApiOptions {
  projectId: string
  credentials: { domain: string; user: string; password: string }
  accessKey: AccessKey
  servers: ReadonlyMap<string, SandboxServer>
  /** Told of each IAM token as it is handed out. */
  onIamToken: (token: string) => void
  /** @returns a tokenized URL */
  issueUrl: (server: SandboxServer) => string | Promise<string>
  now: () => number
}

const TOKEN_TTL_MS = 24 * 3_600_000

const TokenRequest = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal('password')]),
      password: z.object({
        user: z.object({ name: z.string(), password: z.string(), domain: z.object({ name: z.string() }) }),
      }),
    }),
    scope: z.object({ project: z.object({ id: z.string() }) }),
  }),
})
const ListQuery = z.object({
  offset: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(1000).default(25),
  name: z.string().optional(),
})
const ConsoleRequest = z.object({
  remote_console: z.object({ protocol: z.literal('serial'), type: z.literal('serial') }),
})
const Targets = z.object({ servers: z.array(z.object({ id: z.string() })) })
const ActionRequest = z.union([
  z.object({ 'os-start': Targets }),
  z.object({ 'os-stop': Targets.extend({ type: z.literal('HARD') }) }),
  z.object({ reboot: Targets.extend({ type: z.enum(['SOFT', 'HARD']) }) }),
])

const bmsError = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.code(status).send({ error: { code, message } })
const gatewayError = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.code(status).send({ error_code: code, error_msg: message, request_id: randomUUID() })

const iamError = (reply: FastifyReply, status: number, title: string, message: string) =>
  reply.code(status).send({ error: { code: status, message, title } })

/** IAM and the BMS API of the sandbox, in the documented wire format. */
export function buildCloudApi(options: CloudApiOptions): FastifyInstance {
  const { projectId, credentials, accessKey, servers, now } = options
  const tokens = new Map<string, number>()
  const jobs = new Map<string, string>()
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.setErrorHandler((_error, request, reply) =>
    request.url.startsWith('/v3/')
      ? iamError(reply, 400, 'Bad Request', 'The request is not valid.')
      : bmsError(reply, 400, 'BMS.0001', 'The request is not valid.'),
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

  app.post('/v3/auth/tokens', async (request, reply) => {
    const { auth } = TokenRequest.parse(request.body)
    const { user } = auth.identity.password
    const known =
      user.name === credentials.user &&
      user.password === credentials.password &&
      user.domain.name === credentials.domain &&
      auth.scope.project.id === projectId
    if (!known) {
      return iamError(reply, 401, 'Unauthorized', 'The username or password is wrong.')
    }
    const token = randomUUID()
    tokens.set(token, now() + TOKEN_TTL_MS)
    options.onIamToken(token)
    return reply
      .code(201)
      .header('x-subject-token', token)
      .send({
        token: {
          methods: ['password'],
          expires_at: new Date(now() + TOKEN_TTL_MS).toISOString(),
          catalog: [],
        },
      })
  })

  const refuse = (request: FastifyRequest): string | null => {
    const { method, url: target, headers } = request
    if (headers.authorization !== undefined) {
      return refuseSignature({ method, target, headers, body: bodies.get(request) ?? '' }, accessKey, now())
    }
    const expiresAt = tokens.get(String(headers['x-auth-token'])) ?? 0
    return expiresAt > now() ? null : 'token expires'
  }

  app.register(
    async (bms) => {
      // After the body was read: a signature covers it.
      bms.addHook('preValidation', async (request, reply) => {
        const refused = refuse(request)
        if (refused === null) return
        return gatewayError(reply, 401, 'APIGW.0301', `Incorrect IAM authentication information: ${refused}`)
      })
      const find = (params: unknown) => servers.get(z.object({ id: z.string() }).parse(params).id)
      const absent = (reply: FastifyReply) =>
        reply.code(404).send({ itemNotFound: { code: 404, message: 'Instance could not be found.' } })

      bms.get('/baremetalservers/detail', async (request) => {
        const { offset, limit, name } = ListQuery.parse(request.query)
        const all = [...servers.values()].filter(({ fixture }) => !name || fixture.name.includes(name))
        // `offset` is a page number.
        const page = all.slice((offset - 1) * limit, offset * limit)
        return { count: all.length, servers: page.map(wireServer) }
      })
      bms.get('/baremetalservers/:id', async (request, reply) => {
        const server = find(request.params)
        return server ? { server: wireServer(server) } : absent(reply)
      })
      bms.post('/baremetalservers/:id/remote_console', async (request, reply) => {
        ConsoleRequest.parse(request.body)
        const server = find(request.params)
        if (!server) return absent(reply)
        if (server.fixture.osType === 'Windows') {
          return bmsError(reply, 400, 'BMS.0101', 'Windows BMSs do not support remote login.')
        }
        switch (server.fixture.consoleFault) {
          case 'no-permission':
            return bmsError(
              reply,
              403,
              'BMS.0033',
              'Policy does not allow bms:servers:serialConsole to be performed.',
            )
          case 'not-found':
            return absent(reply)
          case 'not-ready':
            return reply.code(409).send({
              conflictingRequest: { code: 409, message: 'Instance is not yet ready for a console.' },
            })
          case 'throttled':
            return gatewayError(
              reply.header('retry-after', '30'),
              429,
              'APIGW.0308',
              'The throttling threshold has been reached.',
            )
          case 'signed-out':
            return bmsError(reply, 401, 'BMS.0032', 'Token verification failed.')
          case 'hanging':
            return new Promise(() => {})
          case 'foreign-gateway':
            return consoleAnswer(`https://console.elsewhere.example/serial/?token=${randomUUID()}`)
          case 'expired-token':
          case undefined:
            return consoleAnswer(await options.issueUrl(server))
        }
      })
      bms.post('/baremetalservers/action', async (request) => {
        const body = ActionRequest.parse(request.body)
        const [act, targets] =
          'os-start' in body
            ? [(machine: Machine) => machine.powerOn(), body['os-start']]
            : 'os-stop' in body
              ? [(machine: Machine) => machine.powerOff(), body['os-stop']]
              : [(machine: Machine) => machine.reset(), body.reboot]
        for (const { id } of targets.servers) {
          const machine = servers.get(id)?.machine
          if (machine) act(machine)
        }
        const jobId = randomUUID().replaceAll('-', '')
        jobs.set(jobId, 'SUCCESS')
        return { job_id: jobId }
      })
      bms.get('/jobs/:id', async (request, reply) => {
        const { id } = z.object({ id: z.string() }).parse(request.params)
        const status = jobs.get(id)
        return status
          ? { job_id: id, status, sub_jobs: [] }
          : bmsError(reply, 404, 'BMS.0007', 'The job does not exist.')
      })
    },
    { prefix: `/v1/${projectId}` },
  )
  return app
}

const consoleAnswer = (url: string) => ({ remote_console: { type: 'serial', protocol: 'serial', url } })

function wireServer({ fixture, machine, created }: SandboxServer) {
  const address = (addr: string, kind: 'fixed' | 'floating') => ({
    addr,
    version: addr.includes(':') ? 6 : 4,
    'OS-EXT-IPS:type': kind,
    'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:0c:1d:2e',
  })
  const entries = [
    ...fixture.fixed.map((addr) => address(addr, 'fixed')),
    ...(fixture.floating ? [address(fixture.floating, 'floating')] : []),
  ]
  const building = fixture.status === 'BUILD'
  return {
    id: fixture.id,
    name: fixture.name,
    status: building ? 'BUILD' : machine.poweredOn ? 'ACTIVE' : 'SHUTOFF',
    'OS-EXT-STS:power_state': building ? 0 : machine.poweredOn ? 1 : 4,
    'OS-EXT-STS:vm_state': building ? 'building' : machine.poweredOn ? 'active' : 'stopped',
    'OS-EXT-STS:task_state': null,
    'OS-EXT-AZ:availability_zone': fixture.zone,
    addresses: entries.length > 0 ? { 'b2f1c0de-2f6a-4b0f-8d1b-6f0a55a1c001': entries } : {},
    flavor: {
      id: fixture.flavor.name,
      name: fixture.flavor.name,
      vcpus: String(fixture.flavor.vcpus),
      ram: String(fixture.flavor.memoryGiB * 1024),
      disk: String(fixture.flavor.diskGiB),
    },
    metadata: {
      ...(fixture.osType
        ? {
            os_type: fixture.osType,
            'metering.resourcespeccode': `${fixture.flavor.name}.${fixture.osType.toLowerCase()}`,
          }
        : {}),
      image_name: fixture.image,
      os_bit: '64',
      chargingMode: '0',
    },
    tags: ['__type_baremetal', ...fixture.tags],
    enterprise_project_id: '0',
    locked: false,
    created,
    updated: created,
  }
}
