import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf, outcomeOf } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Watcher } from '../watch/watcher.ts'
import { ServerParams } from './servers.ts'

interface WatchRouteOptions {
  /** null: no line is watched. */
  watcher: Pick<Watcher, 'choose'> | null
  audit: Audit
  now: () => number
}

const ways = [
  { method: 'PUT', watched: true, action: 'start-watching', summary: 'Hold the line open with nobody there' },
  {
    method: 'DELETE',
    watched: false,
    action: 'stop-watching',
    summary: 'Hold the line open for people only',
  },
] as const

/** A person chooses which lines are watched. */
export function watchRoutes(instance: FastifyInstance, { watcher, audit, now }: WatchRouteOptions): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  for (const { method, watched, action, summary } of ways) {
    api.route({
      method,
      url: '/api/servers/:id/watch',
      config: { access: 'watch' },
      schema: {
        summary,
        description:
          'The choice counts more than `BMS_CONSOLE_WATCH`. With `BMS_CONSOLE_LINE_LOG_DIR` it survives a restart.',
        tags: ['consoles'],
        params: ServerParams,
        response: { 204: z.null(), default: ApiError },
      },
      handler: async (request, reply) => {
        const { id } = request.params
        const { user } = identityOf(request)
        const told = askerOf(request)
        try {
          if (!watcher)
            throw new CloudError({ cause: 'bad-request', detail: 'BMS_CONSOLE_WATCH is not set.' })
          const time = new Date(now()).toISOString()
          const { name, project } = await watcher.choose(id, { watched, by: user.id, time })
          const facts = { ...told, project: told.project ?? project, server: { id, name } }
          audit.record(action, { ...facts, outcome: 'done' })
        } catch (error) {
          const { cause } = error instanceof CloudError ? error.failure : ({ cause: 'proxy-error' } as const)
          audit.record(action, { ...told, ...outcomeOf(cause), server: { id, name: null } })
          throw error
        }
        return reply.code(204).send(null)
      },
    })
  }
}
