import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { About, ApiError, PowerRequest, ServerDetail, ServerList } from '../../shared/api.ts'
import { identityOf } from '../access.ts'
import type { Audit } from '../audit/audit.ts'

/** Ids of every known cloud are UUIDs or alike; what else comes is refused before it is put into a cloud's path. */
export const ServerParams = z.object({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'not a server id'),
})

export interface ServerRouteOptions {
  about: About
  audit: Audit
}

export function serverRoutes(instance: FastifyInstance, { about }: ServerRouteOptions): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.get(
    '/api/about',
    {
      config: { access: 'anyone' },
      schema: { summary: 'This installation', tags: ['servers'], response: { 200: About } },
    },
    async () => about,
  )
  api.get(
    '/api/servers',
    {
      config: { access: 'list' },
      schema: {
        summary: 'All servers, every page of the cloud merged',
        tags: ['servers'],
        response: { 200: ServerList, default: ApiError },
      },
    },
    (request) => identityOf(request).cloud.listServers(),
  )
  api.get(
    '/api/servers/:id',
    {
      config: { access: 'list' },
      schema: {
        summary: 'One server',
        tags: ['servers'],
        params: ServerParams,
        response: { 200: ServerDetail, default: ApiError },
      },
    },
    async (request) => ({ server: await identityOf(request).cloud.getServer(request.params.id) }),
  )
  api.post(
    '/api/servers/:id/power',
    {
      config: { access: 'power' },
      schema: {
        summary: 'Power a server on or off, or reboot it: answered when the cloud has accepted it',
        tags: ['servers'],
        params: ServerParams,
        body: PowerRequest,
        response: { 202: z.object({}), default: ApiError },
      },
    },
    async (request, reply) => {
      await identityOf(request).cloud.power(request.params.id, request.body.action)
      return reply.code(202).send({})
    },
  )
}
