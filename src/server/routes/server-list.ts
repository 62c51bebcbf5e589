import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { identityOf } from '../access.ts'
import { fail, failureFor } from '../http-errors.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import { eventLine } from '../server-list/list-lines.ts'
import { gzipped, type Packed, pack, plain } from '../server-list/packed.ts'
import { Patience } from '../server-list/patience.ts'
import type { ServerLists } from '../server-list/server-lists.ts'

/** While the cloud is slow, a reader hears so often that the answer goes on. A blank line says nothing else. */
const BEAT_MS = 10_000
const BEAT = '\n'

const Query = z.object({
  since: z.string().max(100).optional(),
  fresh: z.enum(['true']).optional(),
})

const description =
  'One JSON object a line, as the cloud answers: `begin`, then `servers` for each part of a page, `gone` for servers ' +
  'that are no more, `missing` for projects that could not be listed, and `end` with a version. With `since=<version>` ' +
  'only what differs comes, and `begin` says so (`whole: false`); a version that is unknown or too old gets the whole ' +
  'list. With `fresh=true` the cloud is asked anew; where an older list is there, it comes first, and then the ' +
  'difference to the new one, with an `end` each. `failed` ends the answer early, and a blank line means nothing. ' +
  'Who takes nothing for 30 s, or lets the answer wait for 3 min in all, is disconnected.'

export interface ServerListRouteOptions {
  lists: ServerLists
  /** Those who read it */
  listing: Followers
  clock: Clock
}

/** The list for the page: as it is read, and later what has changed. */
export function serverListRoute(
  instance: FastifyInstance,
  { lists, listing, clock }: ServerListRouteOptions,
): void {
  instance.withTypeProvider<ZodTypeProvider>().get(
    '/api/servers/list',
    {
      config: { access: 'list' },
      schema: {
        summary: 'All servers as the cloud’s pages come, or what has changed since a version',
        description,
        tags: ['servers'],
        querystring: Query,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { cloud, user, signIn } = identityOf(request)
      const { since = null, fresh } = request.query
      const reader = listing.begin(user.id, signIn)
      if (!reader)
        return fail(reply, 429, 'too-many-requests', 'This user reads the list as often at once as allowed.')
      reply.raw.once('close', reader.leave)
      const lines = lists.of(cloud).lines({ since, fresh: fresh === 'true' })
      // Where nothing can be listed, the answer is an error as everywhere else.
      const first = lines.next()
      const begun = await within(first, BEAT_MS, clock, reader.left)
      const patience = new Patience(clock, () => {
        request.log.info('a reader of the list was too slow')
        reply.raw.destroy()
      })
      reply.raw.once('close', () => patience.end())
      const failed = (error: unknown) => failureFor(error, request)
      const parts = sent(lines, { first, begun, ...reader, clock, failed })
      const gzip = takesGzip(request)
      if (gzip) reply.header('content-encoding', 'gzip')
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('vary', 'accept-encoding')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(patience.with(gzip ? gzipped(parts) : plain(parts)), { objectMode: false }))
    },
  )
}

/** RFC 9110, section 12.5.3. All browsers take it. */
const takesGzip = ({ headers }: FastifyRequest) =>
  /(^|[,\s])gzip\s*(;\s*q=(1|0\.0*[1-9])[\d.]*\s*)?(,|$)/i.test(headers['accept-encoding']?.toString() ?? '')

type Next = IteratorResult<Packed, void>

interface SentOptions {
  first: Promise<Next>
  /** What has come of it already */
  begun: Next | null
  left: AbortSignal
  why: () => Failure | null
  clock: Clock
  failed: (error: unknown) => Failure
}

/** The lines until the reader leaves, and a beat where none comes for long. */
async function* sent(
  lines: AsyncGenerator<Packed, void>,
  { first, begun, left, why, clock, failed }: SentOptions,
): AsyncGenerator<Packed, void> {
  const fails = (failure: Failure) => pack(eventLine({ type: 'failed', failure }))
  try {
    for (let next = first, got = begun; ; got = await within(next, BEAT_MS, clock, left)) {
      if (left.aborted) {
        const failure = why()
        if (failure) yield await fails(failure)
        return
      }
      if (got?.done) return
      yield got?.value ?? (await pack(BEAT))
      if (got) next = lines.next()
    }
  } catch (error) {
    yield await fails(failed(error))
  }
}

/** @returns null: it did not come in time, or the reader has left */
function within(next: Promise<Next>, ms: number, clock: Clock, left: AbortSignal): Promise<Next | null> {
  return new Promise((resolve, reject) => {
    const over = () => {
      cancel()
      left.removeEventListener('abort', over)
      resolve(null)
    }
    const cancel = clock.after(ms, over)
    left.addEventListener('abort', over)
    if (left.aborted) over()
    next.then(resolve, reject).finally(over)
  })
}
