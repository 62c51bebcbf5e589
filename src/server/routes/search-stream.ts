import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import type { LogQuery, LogSearchEnded } from '../../shared/log-search.ts'
import { identityOf } from '../access.ts'
import { fail } from '../http-errors.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import type { SearchPool } from '../line-log/search/pool.ts'
import { compile } from '../line-log/search/query.ts'
import type { SearchRun } from '../line-log/search/search.ts'

const MOST_HITS = 100
/** A search gives what it has after so long. The next page goes on there. */
const SEARCH_MS = 60_000
const PROGRESS_MS = 100

const Flag = z.enum(['true', 'false']).default('false')
const Moment = z.iso.datetime({ offset: true }).optional()
/** What a search asks for, in logs and in recordings */
export const SearchQuery = z.object({
  q: z.string().min(1).max(200),
  regex: Flag,
  case: Flag,
  from: Moment,
  to: Moment,
  before: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_HITS).default(MOST_HITS),
})
export type SearchQuery = z.infer<typeof SearchQuery>

export const searchDescription =
  'One JSON object a line, as the search goes on: `progress`; a `hit` for each line that matches, the newest first; and ' +
  'at last `end`, with a cursor for `before` if there may be more. `regex=true`: a regular expression of JavaScript with ' +
  'the flag `u`, for one line at a time. Case counts only with `case=true`. `from` is the first moment, `to` the first ' +
  'one after.'

export interface SearchResources {
  pool: SearchPool
  /** Those who search */
  searching: Followers
  clock: Clock
}

interface ToldSearch extends SearchRun {
  /** Tells one event. */
  say: (event: object) => void
}

/** @returns why it cannot be searched for, or null */
export function problemOf(asked: SearchQuery): string | null {
  try {
    compile(queryOf(asked))
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const queryOf = (asked: SearchQuery): LogQuery => ({
  text: asked.q,
  regex: asked.regex === 'true',
  matchCase: asked.case === 'true',
})

interface StreamOptions extends SearchResources {
  /** How much is searched in all, as soon as it is known */
  totalBytes: () => Promise<number>
  tellAudit: () => void
  /** @returns how it ended; null: it was aborted */
  run: (run: ToldSearch) => Promise<Omit<LogSearchEnded, 'type'> | null>
}

/** Searches, and tells what is found as it is found. It ends when the asker leaves, or with the sign-in. */
export function streamSearch(
  request: FastifyRequest<{ Querystring: SearchQuery }>,
  reply: FastifyReply,
  { pool, searching, clock, totalBytes, tellAudit, run }: StreamOptions,
) {
  const { user, signIn } = identityOf(request)
  const follower = searching.begin(user.id, signIn)
  if (!follower)
    return fail(reply, 429, 'too-many-requests', 'This user has as many searches under way as allowed.')
  reply.raw.once('close', follower.leave)
  tellAudit()
  const stream = new PassThrough()
  const say = (event: object) => void stream.write(`${JSON.stringify(event)}\n`)
  const search = async () => {
    const total = await totalBytes()
    const progress = (scannedBytes: number) => say({ type: 'progress', scannedBytes, totalBytes: total })
    // The asker hears at once that it begins.
    progress(0)
    return run({
      pool,
      person: user.id,
      query: queryOf(request.query),
      most: request.query.limit,
      ms: SEARCH_MS,
      clock,
      signal: follower.left,
      say,
      onProgress: atMostEvery(PROGRESS_MS, clock, progress),
    })
  }
  void search()
    .catch((error: unknown) => {
      request.log.error({ err: error }, 'a search failed')
      return { reason: 'failed', cursor: null } as const
    })
    .then((ended) => {
      if (ended) say({ type: 'end', ...ended })
      follower.leave()
      stream.end()
    })
  return reply.type('application/x-ndjson; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
}

function atMostEvery<T extends unknown[]>(ms: number, clock: Clock, run: (...values: T) => void) {
  let last = Number.NEGATIVE_INFINITY
  return (...values: T) => {
    if (clock.now() - last < ms) return
    last = clock.now()
    run(...values)
  }
}
