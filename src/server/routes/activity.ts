import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { ServerActivity } from '../../shared/server-activity.ts'
import { identityOf } from '../access.ts'
import { type AuditLog, askerOf } from '../audit/audit.ts'
import { readActivity } from '../consoles/activity.ts'
import type { Presences } from '../consoles/presences.ts'
import { ServerParams } from './servers.ts'

/** A log of gigabytes is not read to its end for one page. */
const SEARCH_MS = 5_000
const MAX_EVENTS = 500
/** Each may read the whole audit log. */
const READS_PER_MINUTE = 120

interface ActivityRouteOptions {
  audit: AuditLog
  presences: Pick<Presences, 'openAt'>
  /** epoch ms */
  now: () => number
}

export function activityRoutes(
  instance: FastifyInstance,
  { audit, presences, now }: ActivityRouteOptions,
): void {
  instance.withTypeProvider<ZodTypeProvider>().get(
    '/api/servers/:id/activity',
    {
      config: {
        access: 'read-console-history',
        limit: { perMinute: READS_PER_MINUTE, by: (request) => identityOf(request).user.id },
      },
      schema: {
        summary: 'Who is and was at a server’s console, and who switched its power',
        tags: ['servers'],
        params: ServerParams,
        querystring: z.object({ take: z.coerce.number().int().min(1).max(MAX_EVENTS).default(10) }),
        response: { 200: ServerActivity, default: ApiError },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      // The cloud says whether the asker has this server. What happened on another one is not theirs to know.
      await identityOf(request).cloud.getServer(id)
      const until = now() + SEARCH_MS
      const open = await presences.openAt(id)
      const read = await readActivity(audit, id, (session) => session === open?.session, {
        take: request.query.take,
        timeIsUp: () => now() > until || reply.raw.destroyed,
      })
      audit.record('read-console-history', {
        ...askerOf(request),
        outcome: 'done',
        server: { id, name: open?.name ?? null },
      })
      return { open: open && { openMs: open.openMs, watched: open.watched, viewers: open.viewers }, ...read }
    },
  )
}
