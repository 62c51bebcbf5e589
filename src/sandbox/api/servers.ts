import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { BareMetalServer, PowerAction } from '../bms.ts'
import { ApiFailure } from './errors.ts'
import { answerFault, answersItself, type Faults } from './faults.ts'
import type { Jobs } from './jobs.ts'

export interface ServerRoutes {
  projectId: string
  servers: ReadonlyMap<string, BareMetalServer>
  jobs: Jobs
  faults: Faults
  /** Makes a console's URL. `expired`: its token is of no use any more. */
  consoleUrl: (server: BareMetalServer, expired: boolean) => Promise<string>
}

const WholeNumber = z.string().regex(/^\d+$/).transform(Number)

/** `offset` is a page number and begins at 1: "Querying Details About BMSs", parameter `offset`. */
const ListQuery = z.object({
  offset: WholeNumber.pipe(z.number().min(1)).default(1),
  limit: WholeNumber.pipe(z.number().min(1).max(1000)).default(25),
  name: z.string().optional(),
  status: z.string().optional(),
  flavor: z.string().optional(),
  tags: z.string().optional(),
  enterprise_project_id: z.string().optional(),
})

const ServerIds = z.array(z.object({ id: z.string() })).min(1)

const PowerBody = z.union([
  z.strictObject({ 'os-start': z.object({ servers: ServerIds }) }),
  z.strictObject({
    'os-stop': z.object({ type: z.enum(['SOFT', 'HARD']).default('HARD'), servers: ServerIds }),
  }),
  z.strictObject({ reboot: z.object({ type: z.enum(['SOFT', 'HARD']), servers: ServerIds }) }),
])

const ConsoleBody = z.object({
  remote_console: z.object({ protocol: z.literal('serial'), type: z.literal('serial') }),
})

const ServerPath = z.object({ id: z.string() })

/** The BMS API under `/v1/{project_id}`; the caller is already known. */
export function registerServers(app: FastifyInstance, routes: ServerRoutes): void {
  const { projectId, servers, jobs, faults } = routes

  const find = (id: string): BareMetalServer => {
    const server = servers.get(id)
    if (server) return server
    throw new ApiFailure(404, { shape: 'nova', message: `Instance ${id} could not be found.` })
  }

  app.get('/baremetalservers/detail', async (request, reply) => {
    const fault = faults.take('list')
    if (fault && answersItself(fault)) return answerFault(reply, fault)
    const query = ListQuery.safeParse(request.query)
    if (!query.success)
      throw badRequest(`query parameter ${query.error.issues[0]?.path.join('.')} is not valid`)
    const { offset, limit, name, status, flavor, tags, enterprise_project_id } = query.data
    const wantedTags = tags?.split(',') ?? []
    const found = [...servers.values()].filter(
      (server) =>
        (name === undefined || server.fixture.name.includes(name)) &&
        (status === undefined || server.status === status) &&
        (flavor === undefined || server.fixture.flavor.id === flavor) &&
        wantedTags.every((tag) => server.fixture.tags.includes(tag)) &&
        (enterprise_project_id === undefined || ['0', 'all_granted_eps'].includes(enterprise_project_id)),
    )
    const page = found.slice((offset - 1) * limit, offset * limit)
    return { count: found.length, servers: page.map((server) => server.toWire(projectId)) }
  })

  app.get('/baremetalservers/:id', async (request, reply) => {
    const fault = faults.take('detail')
    if (fault && answersItself(fault)) return answerFault(reply, fault)
    const { id } = ServerPath.parse(request.params)
    return { server: find(id).toWire(projectId) }
  })

  app.post('/baremetalservers/:id/remote_console', async (request, reply) => {
    const { id } = ServerPath.parse(request.params)
    const fault = faults.take('remote_console') ?? servers.get(id)?.fixture.remoteConsole ?? null
    if (fault && answersItself(fault)) return answerFault(reply, fault)
    const server = find(id)
    if (!ConsoleBody.safeParse(request.body).success) {
      throw new ApiFailure(400, {
        shape: 'nova',
        message: 'Invalid input for field/attribute remote_console.',
      })
    }
    if (server.fixture.osType === 'Windows') {
      throw badRequest('BMSs running Windows do not support remote login over the serial console')
    }
    if (server.status === 'BUILD') {
      throw new ApiFailure(409, {
        shape: 'nova',
        message: `Cannot 'get_serial_console' instance ${id} while it is in vm_state building`,
      })
    }
    const url =
      fault?.kind === 'console-url'
        ? fault.url
        : await routes.consoleUrl(server, fault?.kind === 'expired-token')
    return { remote_console: { type: 'serial', protocol: 'serial', url } }
  })

  app.post('/baremetalservers/action', async (request) => {
    const body = PowerBody.safeParse(request.body)
    if (!body.success) throw badRequest('the action is not valid')
    const { order, ids } = readOrder(body.data)
    const targets = ids.map(find)
    for (const server of targets) {
      if (server.busy || server.status === 'BUILD') {
        throw new ApiFailure(409, {
          shape: 'nova',
          message: `Cannot '${order.action}' instance ${server.fixture.id} while another task is on it`,
        })
      }
    }
    return { job_id: jobs.run(order, targets) }
  })

  app.get('/jobs/:id', async (request) => {
    const { id } = ServerPath.parse(request.params)
    const job = jobs.find(id)
    if (!job) throw new ApiFailure(404, { shape: 'bms', message: `Job ${id} is not found.` })
    return job
  })
}

const badRequest = (reason: string) =>
  new ApiFailure(400, { shape: 'bms', message: `Fail to parse request, reason: ${reason}.` })

function readOrder(body: z.infer<typeof PowerBody>): { order: PowerAction; ids: string[] } {
  const idsOf = (servers: { id: string }[]) => servers.map(({ id }) => id)
  if ('os-start' in body) return { order: { action: 'start' }, ids: idsOf(body['os-start'].servers) }
  // Bare metal has no gentle stop through this API: the type is accepted, the power goes.
  if ('os-stop' in body) return { order: { action: 'stop' }, ids: idsOf(body['os-stop'].servers) }
  return { order: { action: 'reboot', type: body.reboot.type }, ids: idsOf(body.reboot.servers) }
}
