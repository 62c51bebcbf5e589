import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type LogSearchEvent, SearchCursor } from '../../shared/log-search.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import type { BootIndex } from '../line-log/reading/boot-index.ts'
import type { KnownLines, Logs } from '../line-log/reading/logs.ts'
import { isoTime } from '../line-log/reading/row-stream.ts'
import { type Searched, type SearchedLog, searchLogs } from '../line-log/search/search.ts'
import type { LineRef } from '../line-log/store/store.ts'
import {
  problemOf,
  SearchQuery,
  type SearchResources,
  searchDescription,
  streamSearch,
} from './search-stream.ts'
import { ServerParams } from './servers.ts'
import { visibleLines } from './visible-lines.ts'

/** A search scans no more of the logs for the boots of its hits: about a third of a second. */
const BOOTS_SCAN = 64 * 1024 * 1024

export interface LogSearchRouteOptions extends SearchResources {
  /** null: lines are not kept. */
  logs: Logs | null
  boots: BootIndex
  audit: Audit
  /** The file of the logs' index. null: each log is read. */
  index: string | null
}

const description = `${searchDescription} A hit names its \`boot\`: where and when that began. It is null if the boot began before what is kept, or if the log is long and was not searched for boots yet.`

/** Search in what lines have said. */
export function logSearchRoutes(instance: FastifyInstance, options: LogSearchRouteOptions): void {
  const { logs: known, boots, audit } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const config = { access: 'read-log' } as const
  if (!known) {
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
        querystring: SearchQuery,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { lines, away } = await known.lines()
      const line = lines.find(({ server }) => server.id === id)
      return answer(request, reply, { lines: line ? [line] : [], away }, () => {
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
        querystring: SearchQuery,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { lines: all, away } = await known.lines()
      const lines = await visibleLines(identityOf(request), all)
      return answer(request, reply, { lines: lines.toSorted(byName), away }, () => {
        // Each project's administrators see that its logs were searched.
        for (const project of new Map(lines.map(({ project }) => [project?.id, project])).values()) {
          audit.record('search-log', { ...askerOf(request), outcome: 'done', project })
        }
      })
    },
  )

  const open = (id: string) => known.open(id)

  async function answer(
    request: FastifyRequest<{ Querystring: SearchQuery }>,
    reply: FastifyReply,
    { lines, away }: KnownLines,
    tellAudit: () => void,
  ) {
    const { query: asked } = request
    const problem = problemOf(asked)
    if (problem !== null) return fail(reply, 400, 'bad-request', problem)
    const chosen = fromCursor(lines, asked.before)
    if (!chosen) return fail(reply, 400, 'bad-request', 'before: not the cursor of this search')
    let logs: SearchedLog[] = []
    return streamSearch(request, reply, {
      ...options,
      tellAudit,
      async totalBytes() {
        logs = await rangesOf(open, chosen, asked)
        return logs.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
      },
      async run({ say, ...run }) {
        const budget = { bytes: BOOTS_SCAN, left: run.signal }
        const searched = await searchLogs(logs, {
          ...run,
          index: options.index,
          onHit: async ({ time, log, ...match }) => {
            const boot = await boots.around(log.reader, match.offset, budget)
            say({
              type: 'hit',
              server: log.reader.line.server,
              time: isoTime(time),
              boot: boot && { offset: boot.at, time: isoTime(boot.time) },
              ...match,
            } satisfies LogSearchEvent)
          },
        })
        const isAway = away || logs.some(({ reader }) => reader.away)
        const ended = searched && { reason: searched.reason, cursor: nextOf(searched, chosen) }
        return ended && isAway ? { ...ended, away: true } : ended
      },
    })
  }

  async function rangesOf(
    open: Logs['open'],
    chosen: readonly Chosen[],
    { from, to }: SearchQuery,
  ): Promise<SearchedLog[]> {
    const logs: SearchedLog[] = []
    for (const { line, before } of chosen) {
      const reader = await open(line.server.id)
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
  const index = lines.findIndex(({ server }) => server.id === place.data?.id)
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
  return z.encode(SearchCursor, { id: server.id, before: rest.before })
}

const byName = (a: LineRef, b: LineRef) =>
  a.server.name.localeCompare(b.server.name) || a.server.id.localeCompare(b.server.id)
