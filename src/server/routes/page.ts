import { relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
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
      if (relative(root, path).startsWith(`sdk${sep}`)) openToAll(reply)
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/') &&
      !request.url.startsWith('/sdk/') &&
      (request.headers.accept ?? '').includes('text/html')
    if (wantsPage) return reply.sendFile('index.html')
    return fail(reply, 404, 'bad-request', 'There is no such route.')
  })
}

/** The SDK is for pages of other origins, which load it as a module: by CORS, and without our cookies. */
function openToAll(reply: FastifyReply): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('cross-origin-resource-policy', 'cross-origin')
}
