import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { fail } from '../http-errors.ts'

/** The built page: hashed assets for ever, `index.html` for every route of the page, so that deep links work. */
export async function servePage(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/') &&
      (request.headers.accept ?? '').includes('text/html')
    if (wantsPage) return reply.sendFile('index.html')
    return fail(reply, 404, 'bad-request', 'There is no such route.')
  })
}
