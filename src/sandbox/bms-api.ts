import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { wireServer } from './bms-wire.ts'
import { bmsError, gatewayError, type HuaweiCallers, huaweiCallers } from './huawei-callers.ts'
import type { PowerCommand, PowerControl } from './power.ts'
import { type SandboxServer, type SandboxServers, type Task, wireState } from './sandbox-server.ts'
import { mayAct } from './tokens.ts'
import { wireBmsVolumes, wireNics } from './wire-parts.ts'
import { WireTexts } from './wire-texts.ts'

export interface BmsOptions extends HuaweiCallers {
  servers: SandboxServers
  /** Waits as long as a page of the list takes. */
  pageDelay: () => Promise<void>
  /** Whether the API gives consoles. Open Telekom Cloud's API v1 does not. */
  remoteConsole: boolean
  /** @returns a tokenized URL */
  issueUrl: (server: SandboxServer) => string | Promise<string>
  power: PowerControl
}

const ListQuery = z.object({
  offset: z.coerce.number().int().min(1).default(1),
  limit: z.coerce.number().int().min(1).max(1000).default(25),
  name: z.string().optional(),
  status: z.string().optional(),
  enterprise_project_id: z.string().optional(),
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

/**
 * Huawei Cloud's BMS API v1, below `/v1/{project_id}`.
 * https://support.huaweicloud.com/intl/en-us/api-bms/
 */
export function bmsApi(options: BmsOptions) {
  const texts = new WireTexts()

  return async (api: FastifyInstance) => {
    api.setErrorHandler((_error, _request, reply) =>
      bmsError(reply, 400, 'BMS.0001', 'The request is not valid.'),
    )
    const caller = huaweiCallers(api, options)
    const serversOf = (request: FastifyRequest) => options.servers.of(caller(request).project.id)
    const find = (request: FastifyRequest) => {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      return options.servers.find(caller(request).project.id, id)
    }
    const absent = (reply: FastifyReply) =>
      reply.code(404).send({ itemNotFound: { code: 404, message: 'Instance could not be found.' } })
    const forbidden = (reply: FastifyReply, action: string) =>
      bmsError(reply, 403, 'BMS.0033', `Policy does not allow ${action} to be performed.`)

    api.get('/baremetalservers/detail', async (request, reply) => {
      const { offset, limit, name, status, enterprise_project_id: group } = ListQuery.parse(request.query)
      const all = serversOf(request)
        .filter(({ fixture }) => !name || fixture.name.includes(name))
        .filter((server) => !status || wireState(server).status === status)
        .filter(({ fixture }) => !group || (fixture.enterpriseProject ?? '0') === group)
      // `offset` is a page number.
      const page = all.slice((offset - 1) * limit, offset * limit)
      await options.pageDelay()
      const servers = texts.of(page, '', wireServer)
      return reply.type('application/json').send(`{"count":${all.length},"servers":${servers}}`)
    })
    api.get('/baremetalservers/:id', async (request, reply) => {
      const server = find(request)
      return server ? { server: wireServer(server) } : absent(reply)
    })
    api.get('/baremetalservers/:id/os-interface', async (request, reply) => {
      const server = find(request)
      if (!server) return absent(reply)
      if (server.fixture.hidden?.includes('nics'))
        return forbidden(reply, 'bms:servers:showBaremetalServerInterfaceAttachments')
      return wireNics(server, { driver_mode: 'hinic', pci_address: '0000:08:00.0' })
    })
    api.get('/baremetalservers/:id/os-volume_attachments', async (request, reply) => {
      const server = find(request)
      if (!server) return absent(reply)
      if (server.fixture.hidden?.includes('volumes'))
        return forbidden(reply, 'bms:servers:showBaremetalServerVolumeInfo')
      return wireBmsVolumes(server)
    })
    if (options.remoteConsole)
      api.post('/baremetalservers/:id/remote_console', async (request, reply) => {
        ConsoleRequest.parse(request.body)
        const server = find(request)
        if (!server) return absent(reply)
        if (server.fixture.osType === 'Windows')
          return bmsError(reply, 400, 'BMS.0101', 'Windows BMSs do not support remote login.')
        if (!mayAct(caller(request).role)) return forbidden(reply, 'bms:servers:serialConsole')
        switch (server.fixture.consoleFault) {
          case 'no-permission':
            return forbidden(reply, 'bms:servers:serialConsole')
          case 'not-found':
            return absent(reply)
          case 'not-ready':
            return reply.code(409).send({
              conflictingRequest: { code: 409, message: 'Instance is not yet ready for a console.' },
            })
          case 'not-running':
            return server.poweredOn
              ? consoleAnswer(await options.issueUrl(server))
              : bmsError(reply, 400, 'BMS.0039', 'The BMS is not running.')
          case 'throttled':
            return tooMany(reply, 30)
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
    api.post('/baremetalservers/action', async (request, reply) => {
      const body = ActionRequest.parse(request.body)
      if (!mayAct(caller(request).role)) return forbidden(reply, 'bms:servers:action')
      const [command, targets]: [PowerCommand, z.infer<typeof Targets>] =
        'os-start' in body
          ? ['on', body['os-start']]
          : 'os-stop' in body
            ? ['off', body['os-stop']]
            : [body.reboot.type === 'SOFT' ? 'soft' : 'hard', body.reboot]
      const projectId = caller(request).project.id
      const servers = targets.servers.flatMap(({ id }) => options.servers.find(projectId, id) ?? [])
      // One that the cloud refuses is enough: no job begins for the others either.
      for (const server of servers) {
        if (server.fixture.powerFault === 'no-permission') return forbidden(reply, 'bms:servers:action')
        if (options.power.throttles(server)) return tooMany(reply, 1)
        const busy = server.task && !(server.task === 'rebooting' && command === 'hard')
        if (busy) return bmsError(reply, 400, busyCodes[server.task ?? 'rebooting'], 'The BMS is busy.')
      }
      return { job_id: options.power.begin(projectId, servers, command) }
    })
    api.get('/jobs/:id', async (request, reply) => {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      const job = options.power.job(caller(request).project.id, id)
      return job ?? bmsError(reply, 404, 'BMS.0007', 'The job does not exist.')
    })
  }
}

/** What a server that is busy answers to another action */
const busyCodes: Readonly<Record<Task, string>> = {
  'powering-on': 'BMS.0035',
  'powering-off': 'BMS.0036',
  rebooting: 'BMS.0037',
}

/** @param seconds until the next request is answered */
const tooMany = (reply: FastifyReply, seconds: number) =>
  gatewayError(
    reply.header('retry-after', String(seconds)),
    429,
    'APIGW.0308',
    'The throttling threshold has been reached.',
  )

const consoleAnswer = (url: string) => ({ remote_console: { type: 'serial', protocol: 'serial', url } })
