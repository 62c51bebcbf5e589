import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { SearchCursor } from '../../shared/log-search.ts'
import { RecordingId, type RecordingInfo, type RecordingSearchEvent } from '../../shared/recording.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import { type SearchedRecording, searchRecordings } from '../line-log/search/search-recordings.ts'
import type { KnownRecordings, Recordings } from '../recordings/recordings.ts'
import { missing } from './missing-recording.ts'
import {
  problemOf,
  SearchQuery,
  type SearchResources,
  searchDescription,
  streamSearch,
} from './search-stream.ts'
import { projectsOf, reaches, visible } from './visible-recordings.ts'

export interface RecordingSearchRouteOptions extends SearchResources {
  recordings: Recordings
  audit: Audit
}

/** A cursor before the last line of a recording: all of it is left. */
const ALL = 999_999_999_999_999

const description = `${searchDescription} The recordings come newest first. A hit has the second at which the line came, since the recording’s begin.`

/** Search in what was printed while consoles were recorded. */
export function recordingSearchRoutes(instance: FastifyInstance, options: RecordingSearchRouteOptions): void {
  const { recordings: known, audit } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const config = { access: 'read-recordings' } as const
  const shared = { description, tags: ['recordings'], produces: ['application/x-ndjson'] }

  api.get(
    '/api/recordings/search',
    {
      config,
      schema: {
        ...shared,
        summary: 'Find a text in all recordings that the user may read, or in those of one server',
        querystring: SearchQuery.extend({ server: z.string().max(128).default('') }),
      },
    },
    async (request, reply) => {
      const { server } = request.query
      const { infos: there, away } = await known.list()
      const all = await visible(identityOf(request), there)
      const infos = server ? all.filter((info) => info.serverId === server) : all
      return answer(request, reply, { infos, away }, () => {
        // Each project's administrators see that its recordings were searched.
        for (const project of projectsOf(infos)) {
          audit.record('search-recordings', {
            ...askerOf(request),
            outcome: 'done',
            server: server ? { id: server, name: infos[0]?.serverName ?? null } : null,
            project,
          })
        }
      })
    },
  )

  api.get(
    '/api/recordings/:id/search',
    {
      config,
      schema: {
        ...shared,
        summary: 'Find a text in one recording',
        params: z.object({ id: RecordingId }),
        querystring: SearchQuery,
      },
    },
    async (request, reply) => {
      const found = await known.find(request.params.id)
      if (found.kind !== 'found') return missing(reply, found)
      const { info } = found
      if (!(await reaches(identityOf(request), info))) return missing(reply)
      return answer(request, reply, { infos: [info], away: false }, () => {
        const { id, serverId, serverName, project } = info
        const server = { id: serverId, name: serverName }
        audit.record('search-recordings', {
          ...askerOf(request),
          outcome: 'done',
          server,
          project,
          detail: id,
        })
      })
    },
  )

  function answer(
    request: FastifyRequest<{ Querystring: SearchQuery }>,
    reply: FastifyReply,
    { infos, away }: KnownRecordings,
    tellAudit: () => void,
  ) {
    const { query: asked } = request
    const problem = problemOf(asked)
    if (problem !== null) return fail(reply, 400, 'bad-request', problem)
    const chosen = fromCursor(infos, asked)
    if (!chosen) return fail(reply, 400, 'bad-request', 'before: not the cursor of this search')
    const recordings = chosen.map(({ info, ...bounds }): SearchedRecording & { info: RecordingInfo } => ({
      info,
      id: info.id,
      source: known.sourceOf(info.id),
      bytes: info.bytes,
      ...bounds,
    }))
    return streamSearch(request, reply, {
      ...options,
      tellAudit,
      totalBytes: async () => recordings.reduce((sum, { bytes }) => sum + bytes, 0),
      async run({ say, ...run }) {
        const searched = await searchRecordings(recordings, {
          ...run,
          onHit: ({ info }, match) =>
            say({
              type: 'hit',
              recording: { id: info.id, serverId: info.serverId, serverName: info.serverName },
              time: new Date(Date.parse(info.startedAt) + match.second * 1000).toISOString(),
              ...match,
            } satisfies RecordingSearchEvent),
        })
        if (!searched) return null
        const { reason, rest } = searched
        const place = rest && { id: recordings[rest.index]?.id ?? '', before: rest.before ?? ALL }
        const cursor = place && z.encode(SearchCursor, place)
        return { reason, cursor, ...(away ? { away } : {}) }
      },
    })
  }
}

/** The recordings that are left to search, and which seconds of them. null: the cursor fits none of them. */
function fromCursor(infos: readonly RecordingInfo[], { before, from, to }: SearchQuery) {
  const place = before === undefined ? null : z.safeDecode(SearchCursor, before).data
  const first = place ? infos.findIndex(({ id }) => id === place.id) : 0
  if (before !== undefined && (!place || first < 0)) return null
  return infos.slice(first).flatMap((info) => {
    const start = Date.parse(info.startedAt)
    const seconds = (moment: string | undefined) =>
      moment === undefined ? null : (Date.parse(moment) - start) / 1000
    const [begin, end] = [seconds(from), seconds(to)]
    const isBefore =
      begin !== null && info.endedAt !== null && Date.parse(info.endedAt) - start < begin * 1000
    const isAfter = end !== null && end <= 0
    const own = {
      info,
      from: begin,
      to: end,
      before: place?.id === info.id && place.before < ALL ? place.before : null,
    }
    return isBefore || isAfter ? [] : [own]
  })
}
