import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import { exactDetails } from '../../shared/audit-detail.ts'
import type { Clock } from '../../shared/clock.ts'
import { LogPage, LogSummary } from '../../shared/line-log.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import type { BootIndex } from '../line-log/reading/boot-index.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import { isShown, LogText, type TextPage } from '../line-log/reading/log-text.ts'
import type { Logs } from '../line-log/reading/logs.ts'
import { rawBytes } from '../line-log/reading/raw-bytes.ts'
import { Readings } from '../line-log/reading/readings.ts'
import { isoTime, rowStream, shownRows } from '../line-log/reading/row-stream.ts'
import type { LogReader, PlacedMark } from '../line-log/store/store.ts'
import { ServerParams } from './servers.ts'

const MOST_MARKS = 200
const MOST_ROWS = 1000
const MOST_BOOTS = 100
/** A summary scans no more of the log for boots: about a fifth of a second. */
const SUMMARY_SCANS = 32 * 1024 * 1024

const Offset = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const Count = z.coerce.number().int().min(1).max(MOST_ROWS)
const Boot = z
  .union([z.literal('last'), z.coerce.number().int().min(1).max(MOST_BOOTS)])
  .transform((boot) => (boot === 'last' ? 1 : boot))

export interface LineLogRouteOptions {
  /** null: lines are not kept. */
  logs: Logs | null
  audit: Audit
  followers: Followers
  boots: BootIndex
  clock: Clock
}

type Asked = FastifyRequest<{ Params: z.infer<typeof ServerParams> }>

/** What a server's line has said, also before anybody came. */
export function lineLogRoutes(instance: FastifyInstance, options: LineLogRouteOptions): void {
  const { logs, audit, followers, boots, clock } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const config = { access: 'read-log' } as const
  if (!logs) {
    for (const path of ['', '/lines', '/raw', '/follow']) {
      api.get(`/api/servers/:id/log${path}`, { config, schema: { hide: true } }, (_request, reply) =>
        fail(reply, 404, 'log-off', 'BMS_CONSOLE_LINE_LOG_DIR is not set.'),
      )
    }
    return
  }
  const readings = new Readings(clock)
  const readerOf = ({ params }: Asked) => logs.open(params.id)
  const record = (request: Asked, { line }: LogReader, detail: string) => {
    const asker = askerOf(request)
    const { server, project } = line
    audit.record('read-log', {
      ...asker,
      outcome: 'done',
      server,
      project: asker.project ?? project,
      detail,
    })
  }
  const recordPage = (request: Asked, reader: LogReader) => {
    if (readings.begins(identityOf(request).user.id, request.params.id))
      record(request, reader, exactDetails.page)
  }

  api.get(
    '/api/servers/:id/log',
    {
      config,
      schema: {
        summary: 'How far the log of a server’s serial line reaches, its boots and its marks',
        description:
          'A long log is searched for boots from its end back, a part with each request. While `moreBoots` is true, ' +
          'the same request again gives older boots, too.',
        tags: ['line log'],
        params: ServerParams,
        response: { 200: LogSummary, default: ApiError },
      },
    },
    async (request, reply) => {
      const reader = await readerOf(request)
      recordPage(request, reader)
      const { start, end } = reader
      const budget = { bytes: SUMMARY_SCANS, left: leaving(reply) }
      const found = await boots.newest(reader, MOST_BOOTS, budget)
      const marks = (await reader.marks(start, end)).filter(isShown).slice(-MOST_MARKS)
      const kept = end > start
      return {
        start,
        end,
        firstTime: kept ? isoTime(await reader.timeOf(start)) : null,
        lastTime: kept ? isoTime(await reader.timeOf(end - 1)) : null,
        boots: found.boots.map(({ at, time, ended }) => ({ offset: at, time: isoTime(time), ended })),
        moreBoots: found.more,
        marks: marks.map(shownMark).reverse(),
        ...(reader.away ? { away: true } : {}),
      }
    },
  )

  api.get(
    '/api/servers/:id/log/lines',
    {
      config,
      schema: {
        summary: 'A page of the log as plain text; the newest lines, unless the query says where',
        description:
          'Offsets count the bytes that the line has said. `after` and `before` of a page lead to the pages beside ' +
          'it. A page with `atEnd` may show rows that are not before its `after`: they come again in the next page, ' +
          'since they may still change. `boot` is `last`, or 2 for the one before it, and so on.',
        tags: ['line log'],
        params: ServerParams,
        querystring: z
          .object({
            from: Offset.optional(),
            before: Offset.optional(),
            boot: Boot.optional(),
            limit: Count.default(200),
          })
          .refine(
            ({ from, before, boot }) => [from, before, boot].filter((each) => each !== undefined).length < 2,
            {
              error: 'from, before and boot exclude each other',
            },
          ),
        response: { 200: LogPage, default: ApiError },
      },
    },
    async (request, reply) => {
      const { from, before, boot, limit } = request.query
      const reader = await readerOf(request)
      recordPage(request, reader)
      const text = new LogText(reader)
      let page: TextPage
      if (before !== undefined) page = await text.before(before, limit)
      else if (from !== undefined) page = await text.from(from, limit)
      else if (boot !== undefined) {
        const budget = { bytes: Number.POSITIVE_INFINITY, left: leaving(reply) }
        const found = (await boots.newest(reader, boot, budget)).boots[boot - 1]
        if (!found) return fail(reply, 404, 'boot-not-found', 'The log has no such boot.')
        page = await text.from(found.at, limit)
      } else page = await text.last(limit)
      return { ...page, rows: await shownRows(reader, page.rows) }
    },
  )

  api.get(
    '/api/servers/:id/log/raw',
    {
      config,
      schema: {
        summary: 'The bytes of the log, as they came',
        tags: ['line log'],
        params: ServerParams,
        querystring: z.object({ from: Offset.default(0), to: Offset.optional() }),
        produces: ['application/octet-stream'],
      },
    },
    async (request, reply) => {
      const reader = await readerOf(request)
      record(request, reader, exactDetails.raw)
      const part = reader.away ? '-incomplete' : ''
      const from = Math.max(request.query.from, reader.start)
      const to = Math.max(from, Math.min(request.query.to ?? reader.end, reader.end))
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${request.params.id}-${from}-${to}${part}.log"`)
        .send(Readable.from(rawBytes(reader, from, to), { objectMode: false }))
    },
  )

  api.get(
    '/api/servers/:id/log/follow',
    {
      config,
      schema: {
        summary: 'The newest lines, and then each as it comes: one JSON object a line, without end',
        description:
          'A line comes when it has ended. An empty line says every 15 s that the stream lives. It ends with the ' +
          'sign-in. Whoever reads too slowly gets a mark of kind `gap` for what is no longer kept.',
        tags: ['line log'],
        params: ServerParams,
        querystring: z.object({
          last: Count.or(z.literal('0').transform(() => 0)).default(10),
          from: Offset.optional(),
        }),
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { last, from } = request.query
      const reader = await readerOf(request)
      const { user, signIn } = identityOf(request)
      const follower = followers.begin(user.id, signIn)
      if (!follower)
        return fail(reply, 429, 'too-many-requests', 'This user follows as many logs at once as allowed.')
      reply.raw.once('close', follower.leave)
      record(request, reader, exactDetails.follow)
      const begin = from ?? (await beginOf(reader, last))
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(Readable.from(ndjson(rowStream(reader, begin, follower.left, clock)), { objectMode: false }))
    },
  )
}

/** Where the newest whole lines begin. */
async function beginOf(reader: LogReader, last: number): Promise<number> {
  if (last === 0) return reader.end
  const { before } = await new LogText(reader).before(reader.end, last)
  return before ?? reader.start
}

async function* ndjson(rows: AsyncIterable<object[]>): AsyncGenerator<string> {
  for await (const some of rows)
    yield some.length === 0 ? '\n' : some.map((row) => `${JSON.stringify(row)}\n`).join('')
}

const shownMark = ({ at, time, mark }: PlacedMark) =>
  ({ type: 'mark', offset: at, time: isoTime(time), mark }) as const

/** Aborts when the reader leaves, or has the whole answer. */
function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  return left.signal
}
