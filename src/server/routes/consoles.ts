import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError, IssuedConsole, IssueRequest, ReleaseRequest } from '../../shared/api.ts'
import { steadyClock } from '../../shared/clock.ts'
import { OUTDATED_SUBPROTOCOL, RELAY_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import { identityOf } from '../access.ts'
import type { Config } from '../config.ts'
import { type ConsoleWays, issueConsole } from '../consoles/issue.ts'
import type { Visitor } from '../consoles/viewer-audit.ts'
import { ViewerSocket } from '../consoles/viewer-socket.ts'
import { fail } from '../http-errors.ts'
import { passedOnBy } from '../replicas/link/link-server.ts'
import { answerAtOwner, type Forwarding, upgradeAtOwner } from './forwarded.ts'
import { ServerParams } from './servers.ts'

export interface ConsoleRouteOptions {
  config: Config
  ways: ConsoleWays
  /** A shutdown waits until these have heard why. */
  viewers: Set<ViewerSocket>
  /** null: there is one process. */
  forwarding: Forwarding | null
}

export function consoleRoutes(instance: FastifyInstance, options: ConsoleRouteOptions): void {
  const { config, ways, viewers, forwarding } = options
  const { sessions, links } = ways
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.post(
    '/api/servers/:id/console',
    {
      config: { access: 'open', limit: { perMinute: config.issuesPerMinute } },
      schema: {
        summary: "Issue a console: the gateway's link (direct) or a ticket for the relay",
        tags: ['consoles'],
        params: ServerParams,
        body: z.nullish(IssueRequest),
        response: { 200: IssuedConsole, default: ApiError },
      },
    },
    async (request, reply) => {
      const { id: serverId } = request.params
      const here = () =>
        issueConsole(config.console, ways, {
          serverId,
          visitor: visitorOf(request),
          page: request.body ?? null,
          pageOrigin: (request.body && request.headers.origin) ?? null,
          log: request.log,
        })
      return forwarding ? answerAtOwner(forwarding, request, reply, serverId, here) : here()
    },
  )
  api.delete(
    '/api/servers/:id/console',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Say that a page has closed its direct line',
        tags: ['consoles'],
        params: ServerParams,
        body: ReleaseRequest,
        response: { 204: z.null(), default: ApiError },
      },
    },
    async (request, reply) => {
      await links.released(request.params.id, request.body.client)
      return reply.code(204).send(null)
    },
  )
  api.get(
    '/api/consoles/:session/relay',
    {
      websocket: true,
      config: { access: 'open' },
      schema: { hide: true, params: z.object({ session: z.string().max(64) }) },
      async preValidation(request, reply) {
        const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
        if (!offered?.some((name) => name === RELAY_SUBPROTOCOL || name === OUTDATED_SUBPROTOCOL)) {
          return fail(
            reply,
            400,
            'bad-request',
            `The WebSocket must offer the subprotocol ${RELAY_SUBPROTOCOL}.`,
          )
        }
      },
      // A viewer stays for hours: nothing of the request that brought it may stay that long, neither by the
      // response that Node ties to the connection nor by the plugin's own error listener.
      async preHandler(request, reply) {
        if (!request.ws) return
        if (forwarding && (await upgradeAtOwner(forwarding, request, reply, request.params.session)))
          return reply
        reply.raw.detachSocket(request.raw.socket)
      },
    },
    (socket, request) => {
      socket.removeAllListeners('error')
      const { session } = request.params
      const visitor = visitorOf(request)
      const viewer = new ViewerSocket(socket, {
        wire: request.raw.socket,
        log: request.log,
        // Whether the viewer is there shows in real time, whatever clock the limits are told by.
        clock: steadyClock,
        signIn: visitor.identity.signIn,
        via: passedOnBy(request),
        join: (port, resume) => sessions.join(session, port, resume, visitor),
      })
      viewers.add(viewer)
      void viewer.closed.then(() => viewers.delete(viewer))
      if (socket.protocol === OUTDATED_SUBPROTOCOL) {
        // The page shows the detail. It has no words for a cause that is newer than itself.
        const detail = 'This page is older than the server. Reload the page.'
        viewer.refuse({ cause: 'protocol-error', detail })
      }
    },
  )
}

/** The asker. A WebSocket's upgrade has one, too. */
const visitorOf = (request: FastifyRequest): Visitor => ({
  identity: identityOf(request),
  from: request.ip,
})
