import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError, IssuedConsole } from '../../shared/api.ts'
import { RELAY_SUBPROTOCOL } from '../../shared/relay-protocol.ts'
import type { Cloud } from '../clouds/cloud.ts'
import type { Config } from '../config.ts'
import { issueConsole } from '../consoles/issue.ts'
import { Relay } from '../consoles/relay.ts'
import type { RelaySessions } from '../consoles/relay-sessions.ts'
import { fail } from '../http-errors.ts'
import { ServerParams } from './servers.ts'

export interface ConsoleRouteOptions {
  cloud: Cloud
  config: Config
  sessions: RelaySessions
  /** The relays under way, so that a shutdown can tell their viewers. */
  relays: Set<Relay>
  now: () => number
}

export function consoleRoutes(instance: FastifyInstance, options: ConsoleRouteOptions): void {
  const { cloud, config, sessions, relays } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.post(
    '/api/servers/:id/console',
    {
      config: { rateLimit: { max: config.issuesPerMinute, timeWindow: '1 minute' } },
      schema: {
        summary: "Issue a console: the gateway's link (direct) or a ticket for the relay",
        tags: ['consoles'],
        params: ServerParams,
        response: { 200: IssuedConsole, default: ApiError },
      },
    },
    (request) => issueConsole(cloud, config.console, sessions, request.params.id, options.now),
  )
  api.get(
    '/api/consoles/:session/relay',
    {
      websocket: true,
      schema: { hide: true, params: z.object({ session: z.string().max(64) }) },
      async preValidation(request, reply) {
        const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim())
        if (!offered?.includes(RELAY_SUBPROTOCOL)) {
          return fail(
            reply,
            400,
            'bad-request',
            `The WebSocket must offer the subprotocol ${RELAY_SUBPROTOCOL}.`,
          )
        }
      },
    },
    (socket, request) => {
      const { session } = request.params
      const relay = new Relay(socket, {
        session,
        log: request.log,
        redeem: (ticket) => sessions.redeem(session, ticket),
      })
      relays.add(relay)
      socket.on('close', () => relays.delete(relay))
    },
  )
}
