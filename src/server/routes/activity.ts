import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { ServerActivity } from '../../shared/server-activity.ts'
import { identityOf } from '../access.ts'
import { type AuditLog, askerOf } from '../audit/audit.ts'
import { joinActivity, readActivity } from '../consoles/activity.ts'
import {
  activityElsewhere,
  activityPeerPath,
  type KeptByPeer,
  type PeerActivityOptions,
} from '../consoles/peer-activity.ts'
import type { OpenLine, Presences } from '../consoles/presences.ts'
import { ServerParams } from './servers.ts'

/** A log of gigabytes is not read to its end for one page. */
const SEARCH_MS = 5_000
const MAX_EVENTS = 500
/** Another replica does not wait for long. */
const PEER_SEARCH_MS = 1_000
/** Each may read the whole audit log. */
const READS_PER_MINUTE = 120

interface ActivityRouteOptions {
  audit: AuditLog
  presences: Pick<Presences, 'openAt'>
  /** epoch ms */
  now: () => number
  /** null: there is one process. */
  others: PeerActivityOptions | null
}

const Query = z.object({ take: z.coerce.number().int().min(1).max(MAX_EVENTS).default(10) })

export function activityRoutes(
  instance: FastifyInstance,
  { audit, presences, now, others }: ActivityRouteOptions,
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
        querystring: Query,
        response: { 200: ServerActivity, default: ApiError },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { take } = request.query
      // The cloud says whether the asker has this server. What happened on another one is not theirs to know.
      await identityOf(request).cloud.getServer(id)
      const search = searchFor(SEARCH_MS, { audit, now, reply })
      const open = await presences.openAt(id)
      const [own, elsewhere] = await Promise.all([
        search(id, open, take),
        others && activityElsewhere(others, id, take),
      ])
      audit.record('read-console-history', {
        ...askerOf(request),
        outcome: 'done',
        server: { id, name: open?.name ?? null },
      })
      return {
        open: open && { openMs: open.openMs, watched: open.watched, viewers: open.viewers },
        ...(elsewhere ? joinActivity([own, ...elsewhere.parts], take) : own),
        ...(elsewhere?.away ? { away: true } : {}),
      }
    },
  )
}

/**
 * What this replica's audit log tells of a server, for the other replicas alone. They know nobody's rights here: each has
 * looked at the rights of the person for whom it asks.
 */
export function peerActivityRoute(
  instance: FastifyInstance,
  { audit, presences, now, store }: Omit<ActivityRouteOptions, 'others'> & { store: string | null },
): void {
  instance
    .withTypeProvider<ZodTypeProvider>()
    .get(
      activityPeerPath(':id'),
      { schema: { hide: true, params: ServerParams, querystring: Query } },
      async ({ params, query }, reply): Promise<z.input<typeof KeptByPeer>> => {
        const search = searchFor(PEER_SEARCH_MS, { audit, now, reply })
        const open = await presences.openAt(params.id)
        return { store, activity: await search(params.id, open, query.take) }
      },
    )
}

/** Reads this process's audit log from now on for so long at most, and no longer than somebody waits for it. */
function searchFor(
  ms: number,
  { audit, now, reply }: Pick<ActivityRouteOptions, 'audit' | 'now'> & { reply: FastifyReply },
) {
  const until = now() + ms
  return (serverId: string, open: OpenLine | null, take: number) =>
    readActivity(audit, serverId, (session) => session === open?.session, {
      take,
      timeIsUp: () => now() > until || reply.raw.destroyed,
    })
}
