import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { type LogQuery, type LogSearchEvent, SearchCursor } from '../../shared/log-search.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import type { BootIndex } from '../line-log/reading/boot-index.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import { isoTime } from '../line-log/reading/row-stream.ts'
import type { SearchPool } from '../line-log/search/pool.ts'
import { compile } from '../line-log/search/query.ts'
import { type Searched, type SearchedLog, searchLogs } from '../line-log/search/search.ts'
import type { LineRef, LineStore } from '../line-log/store/store.ts'
import { ServerParams } from './servers.ts'
import { visibleLines } from './visible-lines.ts'

const MOST_HITS = 100
/** A search gives what it has after so long. The next page goes on there. */
const SEARCH_MS = 60_000
const PROGRESS_MS = 100
/** A search scans no more of the logs for the boots of its hits: about a third of a second. */
const BOOTS_SCAN = 64 * 1024 * 1024

const Flag = z.enum(['true', 'false']).default('false')
const Moment = z.iso.datetime({ offset: true }).optional()
const Query = z.object({
  q: z.string().min(1).max(200),
  regex: Flag,
  case: Flag,
  from: Moment,
  to: Moment,
  before: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_HITS).default(MOST_HITS),
})
type Query = z.infer<typeof Query>

export interface LogSearchRouteOptions {
  /** null: lines are not kept. */
  store: LineStore | null
  boots: BootIndex
  audit: Audit
  pool: SearchPool
  /** Those who search */
  searching: Followers
  clock: Clock
  /** The file of the logs' index. null: each log is read. */
  index: string | null
}

const description =
  'One JSON object a line, as the search goes on: `progress`; a `hit` for each line that matches, the newest first; and ' +
  'at last `end`, with a cursor for `before` if there may be more. `regex=true`: a regular expression of JavaScript with ' +
  'the flag `u`, for one line at a time. Case counts only with `case=true`. `from` is the first moment, `to` the first ' +
  'one after. A hit names its `boot`: where and when that began. It is null if the boot began before what is kept, or ' +
  'if the log is long and was not searched for boots yet.'

/** Search in what lines have said. */
export function logSearchRoutes(instance: FastifyInstance, options: LogSearchRouteOptions): void {
  const { store, boots, audit } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const config = { access: 'read-log' } as const
  if (!store) {
    for (const path of ['/api/servers/:id/log/search', '/api/log/search']) {
      api.get(path, { config, schema: { hide: true } }, (_request, reply) =>
        fail(reply, 404, 'log-off', 'BMS_CONSOLE_LINE_LOG_DIR is not set.'),
      )
    }
    return
  }

  api.get(
    '/api/servers/:id/log/search',
    {
      config,
      schema: {
        summary: 'Find a text in the log of a server’s serial line',
        description,
        tags: ['line log'],
        params: ServerParams,
        querystring: Query,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const line = store.lines().find(({ server }) => server.id === id)
      return answer(request, reply, line ? [line] : [], () => {
        const asker = askerOf(request)
        audit.record('search-log', {
          ...asker,
          outcome: 'done',
          server: line?.server ?? { id, name: null },
          project: asker.project ?? line?.project ?? null,
        })
      })
    },
  )

  api.get(
    '/api/log/search',
    {
      config,
      schema: {
        summary: 'Find a text in the logs of all lines that the user may read, one log after another',
        description,
        tags: ['line log'],
        querystring: Query,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const lines = await visibleLines(identityOf(request), store.lines())
      return answer(request, reply, lines.toSorted(byName), () => {
        // Each project's administrators see that its logs were searched.
        for (const project of new Map(lines.map(({ project }) => [project?.id, project])).values()) {
          audit.record('search-log', { ...askerOf(request), outcome: 'done', project })
        }
      })
    },
  )

  async function answer(
    request: FastifyRequest<{ Querystring: Query }>,
    reply: FastifyReply,
    lines: readonly LineRef[],
    tellAudit: () => void,
  ) {
    const { query: asked } = request
    const query = { text: asked.q, regex: asked.regex === 'true', matchCase: asked.case === 'true' }
    const problem = problemOf(query)
    if (problem !== null) return fail(reply, 400, 'bad-request', problem)
    const chosen = fromCursor(lines, asked.before)
    if (!chosen) return fail(reply, 400, 'bad-request', 'before: not the cursor of this search')
    const { user, signIn } = identityOf(request)
    const follower = options.searching.begin(user.id, signIn)
    if (!follower)
      return fail(reply, 429, 'too-many-requests', 'This user has as many searches under way as allowed.')
    reply.raw.once('close', follower.leave)
    tellAudit()
    const stream = new PassThrough()
    const say = (event: LogSearchEvent) => void stream.write(`${JSON.stringify(event)}\n`)
    const search = async () => {
      const logs = await rangesOf(chosen, asked)
      // The asker hears at once that it begins.
      const totalBytes = logs.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
      say({ type: 'progress', scannedBytes: 0, totalBytes })
      const budget = { bytes: BOOTS_SCAN, left: follower.left }
      return searchLogs(logs, {
        pool: options.pool,
        person: user.id,
        query,
        most: asked.limit,
        ms: SEARCH_MS,
        clock: options.clock,
        index: options.index,
        signal: follower.left,
        onProgress: atMostEvery(PROGRESS_MS, options.clock, (scannedBytes: number) =>
          say({ type: 'progress', scannedBytes, totalBytes }),
        ),
        onHit: async ({ offset, time, before, match, after, log }) => {
          const boot = await boots.around(log.reader, offset, budget)
          say({
            type: 'hit',
            server: log.reader.line.server,
            offset,
            time: isoTime(time),
            boot: boot && { offset: boot.at, time: isoTime(boot.time) },
            before,
            match,
            after,
          })
        },
      })
    }
    void search()
      .catch((error: unknown): Searched => {
        request.log.error({ err: error }, 'a search in the logs failed')
        return { reason: 'failed', rest: null }
      })
      .then((searched) => {
        if (searched) say({ type: 'end', reason: searched.reason, cursor: nextOf(searched, chosen) })
        follower.leave()
        stream.end()
      })
    return reply.type('application/x-ndjson; charset=utf-8').header('x-accel-buffering', 'no').send(stream)
  }

  async function rangesOf(chosen: readonly Chosen[], { from, to }: Query): Promise<SearchedLog[]> {
    const logs: SearchedLog[] = []
    for (const { line, before } of chosen) {
      const reader = store?.reader(line.server.id)
      if (!reader) continue
      const first = from === undefined ? reader.start : await reader.offsetOf(Date.parse(from))
      const after = to === undefined ? reader.end : await reader.offsetOf(Date.parse(to))
      logs.push({ reader, from: Math.max(reader.start, first), to: Math.min(reader.end, after, before) })
    }
    return logs
  }
}

interface Chosen {
  line: LineRef
  before: number
}

/** The lines that are left to search. null: the cursor fits none of them. */
function fromCursor(lines: readonly LineRef[], cursor: string | undefined): Chosen[] | null {
  const all = lines.map((line) => ({ line, before: Number.POSITIVE_INFINITY }))
  if (cursor === undefined) return all
  const place = z.safeDecode(SearchCursor, cursor)
  const index = lines.findIndex(({ server }) => server.id === place.data?.server)
  const first = all[index]
  if (!first || !place.data) return null
  return [{ ...first, before: place.data.before }, ...all.slice(index + 1)]
}

/** Where the next page goes on. A log that is done is left out, if another comes after it. */
function nextOf({ rest }: Searched, chosen: readonly Chosen[]): string | null {
  if (!rest) return null
  const { server } = rest.log.reader.line
  const isLast = chosen.at(-1)?.line.server.id === server.id
  if (isLast && rest.before <= rest.log.from) return null
  return z.encode(SearchCursor, { server: server.id, before: rest.before })
}

const byName = (a: LineRef, b: LineRef) =>
  a.server.name.localeCompare(b.server.name) || a.server.id.localeCompare(b.server.id)

/** @returns why it cannot be searched for, or null */
function problemOf(query: LogQuery): string | null {
  try {
    compile(query)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function atMostEvery<T extends unknown[]>(ms: number, clock: Clock, run: (...values: T) => void) {
  let last = Number.NEGATIVE_INFINITY
  return (...values: T) => {
    if (clock.now() - last < ms) return
    last = clock.now()
    run(...values)
  }
}
