import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Failure } from '../../shared/cause.ts'
import type { Clock } from '../../shared/clock.ts'
import { identityOf } from '../access.ts'
import { fail, failureFor } from '../http-errors.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import { eventLine } from '../server-list/list-lines.ts'
import type { ServerLists } from '../server-list/server-lists.ts'

/** While the cloud is slow, a reader hears so often that the answer goes on. A blank line says nothing else. */
const BEAT_MS = 10_000
const beat = Buffer.from('\n')

const Query = z.object({
  since: z.string().max(100).optional(),
  fresh: z.enum(['true']).optional(),
})

const description =
  'One JSON object a line, as the cloud answers: `begin`, then `servers` for each part of a page, `gone` for servers ' +
  'that are no more, `missing` for projects that could not be listed, and `end` with a version. With `since=<version>` ' +
  'only what differs comes, and `begin` says so (`whole: false`); a version that is unknown or too old gets the whole ' +
  'list. With `fresh=true` the cloud is asked anew; where an older list is there, it comes first, and then the ' +
  'difference to the new one, with an `end` each. `failed` ends the answer early, and a blank line means nothing.'

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
      await within(first, BEAT_MS, clock)
      const failed = (error: unknown) => failureFor(error, request)
      const answer = sent(lines, first, { left: reader.left, clock, failed })
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(answer, { objectMode: false }))
    },
  )
}

type Next = IteratorResult<Buffer, void>

/** The lines until the reader leaves, and a beat where none comes for long. */
async function* sent(
  lines: AsyncGenerator<Buffer, void>,
  first: Promise<Next>,
  { left, clock, failed }: { left: AbortSignal; clock: Clock; failed: (error: unknown) => Failure },
): AsyncGenerator<Buffer, void> {
  try {
    for (let next = first; ; ) {
      const got = await within(next, BEAT_MS, clock)
      if (left.aborted || got?.done) return
      yield got?.value ?? beat
      if (got) next = lines.next()
    }
  } catch (error) {
    yield eventLine({ type: 'failed', failure: failed(error) })
  }
}

/** @returns null: it did not come in time */
function within(next: Promise<Next>, ms: number, clock: Clock): Promise<Next | null> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(null))
    next.then(resolve, reject).finally(cancel)
  })
}
