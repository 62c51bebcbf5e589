import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Meter } from './metrics/meter.ts'

/** What a proxy in front of this server may have given a request: a UUID, or something as plain */
const REQUEST_ID = /^[\w-]{8,64}$/

/** The header in which a request's id comes and goes, as nginx, Envoy and Traefik write it */
const HEADER = 'x-request-id'

/** @returns the id in the request's header if it can be told from the log's own words, else a new one */
export function requestIdOf({ headers }: { headers: Record<string, unknown> }): string {
  const given = headers[HEADER]
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

/** Logs and counts each request when it is answered, and tells its id. */
export function logRequests(app: Pick<FastifyInstance, 'addHook'>, meter: Meter): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header(HEADER, request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route is logged and not the URL, since a query is where secrets get lost.
    const level = request.url.startsWith('/api/') ? 'info' : 'debug'
    const { elapsedTime, statusCode: status } = reply
    const facts = { method: methodOf(request), route: request.routeOptions.url ?? '-', status }
    request.log[level]({ ...facts, ms: Math.round(elapsedTime) }, 'request')
    meter.answered({ ...facts, ms: elapsedTime })
  })
}

/** Anybody can make methods up, and each would be a series of its own. */
const methodOf = ({ method, routeOptions }: FastifyRequest) => (routeOptions.url === undefined ? '-' : method)
