import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SandboxProject } from './directory.ts'
import { type Microversion, negotiate } from './microversion.ts'
import { NovaFault, sendFault } from './nova-fault.ts'
import { flavorId, wireFlavor, wireServer, wireVersion } from './nova-wire.ts'
import type { PowerCommand, PowerControl } from './power.ts'
import { type SandboxServer, type SandboxServers, wireState } from './sandbox-server.ts'
import { mayAct, roleOf, type Token, type TokenStore } from './tokens.ts'
import { wireNics, wireNovaVolumes } from './wire-parts.ts'
import { WireTexts } from './wire-texts.ts'

export interface NovaOptions {
  region: string
  servers: SandboxServers
  /** Waits as long as a page of the list takes. */
  pageDelay: () => Promise<void>
  tokens: TokenStore
  /** The newest that the cloud has; null if it has none, as Open Telekom Cloud */
  maxMicroversion: Microversion | null
  /** Whether a Windows server has a console. Ironic gives one, Open Telekom Cloud does not. */
  windowsConsole: boolean
  /** Answers a request with a bad token. */
  refuse: (reply: FastifyReply) => FastifyReply
  /** @returns a tokenized URL */
  issueUrl: (server: SandboxServer) => string | Promise<string>
  power: PowerControl
}

class UnknownToken extends Error {}

const MAX_LIMIT = 1000
const ListQuery = z.object({
  limit: z.coerce.number().int().min(0).default(MAX_LIMIT),
  marker: z.string().optional(),
  name: z.string().optional(),
  status: z.string().optional(),
})
const SerialConsole = z.strictObject({ type: z.enum(['serial']) })
const Reboot = z.strictObject({ type: z.enum(['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']) })
const RemoteConsole = z.strictObject({
  remote_console: z.strictObject({
    protocol: z.enum(['vnc', 'spice', 'serial', 'rdp', 'mks']),
    type: z.enum(['novnc', 'xvpvnc', 'spice-html5', 'serial', 'rdp-html5', 'webmks']),
  }),
})

/**
 * Nova's API, below `/v2.1`, and below `/v2.1/{project_id}` for older clients.
 * https://docs.openstack.org/api-ref/compute/
 */
export function novaApi(options: NovaOptions) {
  const { region, tokens, maxMicroversion } = options
  const callers = new WeakMap<FastifyRequest, { token: Token; project: SandboxProject | null }>()
  const versions = new WeakMap<FastifyRequest, Microversion>()
  const texts = new WireTexts()

  return async (api: FastifyInstance) => {
    const base = (request: FastifyRequest) =>
      `${request.protocol}://${request.host}${api.prefix.replace('/:project_id', '')}`
    api.setErrorHandler((error, _request, reply) =>
      error instanceof UnknownToken ? options.refuse(reply) : sendFault(error, reply),
    )
    api.addHook('onRequest', async (request, reply) => {
      reply.header('x-openstack-request-id', `req-${randomUUID()}`)
      if (request.routeOptions.url === `${api.prefix}/` || request.routeOptions.url === api.prefix) return
      const token = tokens.find(request.headers['x-auth-token'])
      if (!token) throw new UnknownToken()
      const project = token.scope.kind === 'project' ? token.scope.project : null
      callers.set(request, { token, project })
      const { project_id: named } = z.object({ project_id: z.string().optional() }).parse(request.params)
      if (maxMicroversion !== null) {
        const negotiated = negotiate(
          {
            current: header(request, 'openstack-api-version'),
            legacy: header(request, 'x-openstack-nova-api-version'),
          },
          maxMicroversion,
        )
        if ('status' in negotiated) throw new NovaFault(negotiated.status, negotiated.message)
        versions.set(request, negotiated.version)
        reply
          .header('openstack-api-version', `compute 2.${negotiated.version}`)
          .header('x-openstack-nova-api-version', `2.${negotiated.version}`)
          .header('vary', 'OpenStack-API-Version, X-OpenStack-Nova-API-Version')
      }
      if (named !== undefined && named !== project?.id)
        throw new NovaFault(
          400,
          `Malformed request URL: URL's project_id '${named}' doesn't match Context's project_id '${project?.id ?? 'None'}'`,
        )
    })
    const version = (request: FastifyRequest) => versions.get(request) ?? 1
    /** @throws NovaFault 403 */
    const mustHave = (request: FastifyRequest, policy: string, allowed: (token: Token) => boolean) => {
      const caller = callers.get(request)
      if (!caller || !allowed(caller.token))
        throw new NovaFault(403, `Policy doesn't allow os_compute_api:${policy} to be performed.`)
    }
    const reads = (token: Token) => roleOf(token) !== null
    const acts = (token: Token) => mayAct(roleOf(token))
    /** The caller's project, if its servers are in this region */
    const projectHere = (request: FastifyRequest): string | undefined => {
      const project = callers.get(request)?.project
      return project?.region === region ? project.id : undefined
    }
    /** @throws NovaFault 404 */
    const find = (request: FastifyRequest): SandboxServer => {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      const server = options.servers.find(projectHere(request), id)
      if (!server) throw new NovaFault(404, `Instance ${id} could not be found.`)
      return server
    }
    /** @throws NovaFault */
    const console = async (request: FastifyRequest, server: SandboxServer): Promise<string> => {
      mustHave(request, 'os-remote-consoles', acts)
      const { id, consoleFault } = server.fixture
      switch (consoleFault) {
        case 'no-permission':
          throw new NovaFault(403, "Policy doesn't allow os_compute_api:os-remote-consoles to be performed.")
        case 'not-found':
          throw new NovaFault(404, `Instance ${id} could not be found.`)
        case 'not-ready':
          throw new NovaFault(409, `Instance ${id} is not ready`)
        case 'not-running':
          if (!server.poweredOn)
            throw new NovaFault(
              409,
              `Cannot 'get_serial_console' instance ${id} while it is in vm_state stopped`,
            )
          break
        case 'throttled':
          throw new NovaFault(429, 'This request was rate-limited.', '30')
        case 'hanging':
          return new Promise<never>(() => {})
        case 'foreign-gateway':
          return `wss://console.elsewhere.example:6083/?token=${randomUUID()}`
        case 'signed-out':
          throw new UnknownToken()
        case 'expired-token':
        case undefined:
      }
      return options.issueUrl(server)
    }

    // Clients ask this first, without a token.
    api.get('/', async (request) => ({ version: wireVersion(maxMicroversion, `${base(request)}/`) }))
    api.get('/servers/detail', async (request, reply) => {
      mustHave(request, 'servers:detail', reads)
      const { limit, marker, name, status } = ListQuery.parse(request.query)
      const matching = options.servers
        .of(projectHere(request))
        .filter(({ fixture }) => !name || fixture.name.includes(name))
        .filter((server) => !status || wireState(server).status === status.toUpperCase())
      const after = marker === undefined ? -1 : matching.findIndex(({ fixture }) => fixture.id === marker)
      if (marker !== undefined && after < 0) throw new NovaFault(400, `marker [${marker}] not found`)
      const page = matching.slice(after + 1, after + 1 + Math.min(limit, MAX_LIMIT))
      const last = page.at(-1)
      const next = new URL(`${base(request)}/servers/detail`)
      const query = Object.entries(z.record(z.string(), z.string()).parse(request.query))
      for (const [key, value] of query) next.searchParams.set(key, value)
      next.searchParams.set('marker', last?.fixture.id ?? '')
      await options.pageDelay()
      const [asked, at] = [version(request), base(request)]
      const servers = texts.of(page, `${asked} ${at}`, (server) => wireServer(server, asked, at, false))
      // A full page has a link even if it is the last: Nova does not look further.
      const full = last && page.length === Math.min(limit, MAX_LIMIT)
      const links = full ? `,"servers_links":${JSON.stringify([{ rel: 'next', href: next.href }])}` : ''
      return reply.type('application/json').send(`{"servers":${servers}${links}}`)
    })
    api.get('/servers/:id', async (request) => {
      const server = find(request)
      mustHave(request, 'servers:show', reads)
      return { server: wireServer(server, version(request), base(request), true) }
    })
    api.get('/servers/:id/os-interface', async (request) => {
      const server = find(request)
      mustHave(request, 'os-attach-interfaces:list', (token) => reads(token) && !isHidden(server, 'nics'))
      return wireNics(server, version(request) >= 70 ? { tag: null } : {})
    })
    api.get('/servers/:id/os-volume_attachments', async (request) => {
      const server = find(request)
      mustHave(
        request,
        'os-volumes-attachments:index',
        (token) => reads(token) && !isHidden(server, 'volumes'),
      )
      return wireNovaVolumes(server, version(request))
    })
    api.get('/flavors/:id', async (request) => {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      mustHave(request, 'flavors', () => true)
      const flavors = new Set([...options.servers.all()].map(({ fixture }) => fixture.flavor))
      const flavor = [...flavors].find((each) => flavorId(each) === id)
      if (!flavor) throw new NovaFault(404, `Flavor ${id} could not be found.`)
      return { flavor: wireFlavor(flavor, version(request), base(request)) }
    })
    api.post('/servers/:id/action', async (request, reply) => {
      const body = z.record(z.string(), z.unknown()).parse(request.body)
      const [action = '', argument] = Object.entries(body)[0] ?? []
      if (Object.keys(body).length !== 1) throw new NovaFault(400, 'There is no such action: None')
      const server = find(request)
      const { fixture, task } = server
      const state = wireState(server)['OS-EXT-STS:vm_state']
      const conflict = () => {
        const now = task === null ? `vm_state ${state}` : `task_state ${task}`
        return new NovaFault(
          409,
          `Cannot '${action.replace('os-', '')}' instance ${fixture.id} while it is in ${now}`,
        )
      }
      /** @throws NovaFault */
      const operate = (policy: string, command: PowerCommand, allowed: boolean) => {
        mustHave(request, policy, (token) => acts(token) && fixture.powerFault !== 'no-permission')
        if (options.power.throttles(server)) throw new NovaFault(429, 'This request was rate-limited.', '1')
        // A forced reboot may take the place of one that hangs.
        const free = task === null || (task === 'rebooting' && command === 'hard')
        if (!free || !allowed) throw conflict()
        options.power.operate(server, command)
        return reply.code(202).send()
      }
      switch (action) {
        case 'os-start':
          return operate('servers:start', 'on', state === 'stopped')
        case 'os-stop':
          return operate('servers:stop', 'off', state === 'active')
        case 'reboot': {
          const soft = /^soft$/i.test(parseBody(Reboot, argument).type)
          // A hard reboot is power off and on again, so it starts a stopped server, too.
          const allowed = state !== 'building' && (!soft || state === 'active')
          return operate('servers:reboot', soft ? 'soft' : 'hard', allowed)
        }
        case 'trigger_crash_dump':
          if (version(request) < 17) throw new NovaFault(400, `There is no such action: ${action}`)
          mustHave(request, 'servers:trigger_crash_dump', acts)
          if (task !== null || (state !== 'active' && state !== 'error')) throw conflict()
          server.machine.nmi()
          return reply.code(202).send()
        case 'os-getSerialConsole': {
          // Microversion 2.6 replaced this action by remote-consoles.
          if (version(request) >= 6) throw new NovaFault(404, 'The resource could not be found.')
          const { type } = parseBody(SerialConsole, argument)
          if (server.fixture.osType === 'Windows' && !options.windowsConsole)
            throw new NovaFault(
              400,
              `The server[${server.fixture.id}] is windows system and cannot support remote login.`,
            )
          return { console: { type, url: await console(request, server) } }
        }
        default:
          throw new NovaFault(400, `There is no such action: ${action}`)
      }
    })
    api.post('/servers/:id/remote-consoles', async (request) => {
      if (version(request) < 6) throw new NovaFault(404, 'The resource could not be found.')
      const { protocol, type } = parseBody(RemoteConsole, request.body).remote_console
      const server = find(request)
      if (protocol !== 'serial' || type !== 'serial')
        throw new NovaFault(400, `Unavailable console type ${type}.`)
      return { remote_console: { protocol, type, url: await console(request, server) } }
    })
  }
}

const isHidden = ({ fixture }: SandboxServer, what: NonNullable<typeof fixture.hidden>[number]) =>
  fixture.hidden?.includes(what) ?? false

const parseBody = <T>(schema: z.ZodType<T>, value: unknown): T => schema.parse(value, { reportInput: true })

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return value === undefined ? undefined : String(value)
}
