import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { About, ApiError, ServerDetail, ServerList } from '../../shared/api.ts'
import type { Cloud } from '../clouds/cloud.ts'

/** Ids of every known cloud are UUIDs or alike; what else comes is refused before it is put into a cloud's path. */
export const ServerParams = z.object({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'not a server id'),
})

export function serverRoutes(
  instance: FastifyInstance,
  { cloud, about }: { cloud: Cloud; about: About },
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.get(
    '/api/about',
    { schema: { summary: 'This installation', tags: ['servers'], response: { 200: About } } },
    async () => about,
  )
  api.get(
    '/api/servers',
    {
      schema: {
        summary: 'All servers, every page of the cloud merged',
        tags: ['servers'],
        response: { 200: ServerList, default: ApiError },
      },
    },
    async () => ({ servers: await cloud.listServers() }),
  )
  api.get(
    '/api/servers/:id',
    {
      schema: {
        summary: 'One server',
        tags: ['servers'],
        params: ServerParams,
        response: { 200: ServerDetail, default: ApiError },
      },
    },
    async (request) => ({ server: await cloud.getServer(request.params.id) }),
  )
}
