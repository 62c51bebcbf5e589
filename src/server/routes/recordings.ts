import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import type { Cause } from '../../shared/cause.ts'
import { RecordingDetail, RecordingId, type RecordingInfo, RecordingList } from '../../shared/recording.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf, outcomeOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import type { Bound, Read, RecordingReader } from '../recordings/reader.ts'
import type { Found, Recordings } from '../recordings/recordings.ts'
import { mayIn } from '../sign-in/rights.ts'
import { missing } from './missing-recording.ts'
import { recordingSearchRoutes } from './recording-search.ts'
import type { SearchResources } from './search-stream.ts'
import { reaches, visible } from './visible-recordings.ts'

const PAGE_SIZE = 25

const Params = z.object({ id: RecordingId })
const NoContent = z.null().describe('Deleted')

export interface RecordingRouteOptions extends SearchResources {
  /** null: recordings are off. */
  recordings: Recordings | null
  /** Whether the settings let anybody delete them */
  mayBeDeleted: boolean
  audit: Audit
  reader: RecordingReader
}

export function recordingRoutes(
  instance: FastifyInstance,
  { recordings, mayBeDeleted, audit, reader, ...resources }: RecordingRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  if (!recordings) {
    const off = (_request: FastifyRequest, reply: FastifyReply) =>
      fail(reply, 404, 'recordings-off', 'BMS_CONSOLE_RECORDINGS is off.')
    api.all('/api/recordings', { config: { access: 'signed-in' }, schema: { hide: true } }, off)
    api.all('/api/recordings/*', { config: { access: 'signed-in' }, schema: { hide: true } }, off)
    return
  }
  recordingSearchRoutes(instance, { recordings, audit, ...resources })
  const told = (request: FastifyRequest, { id, serverId, serverName, project }: RecordingInfo) => ({
    ...askerOf(request),
    server: { id: serverId, name: serverName },
    project,
    detail: id,
  })
  const mayDelete = (request: FastifyRequest, { project }: RecordingInfo) =>
    mayBeDeleted && mayIn(identityOf(request), project, 'delete-recordings')
  /** The recording, for who may know of it: for others there is none. */
  const find = async (request: FastifyRequest<{ Params: z.infer<typeof Params> }>): Promise<Found> => {
    const found = await recordings.find(request.params.id)
    if (found.kind !== 'found') return found
    return (await reaches(identityOf(request), found.info)) ? found : { kind: 'none' }
  }

  api.get(
    '/api/recordings',
    {
      config: { access: 'read-recordings' },
      schema: {
        summary: 'Recordings of consoles, newest first',
        tags: ['recordings'],
        querystring: z.object({
          server: z.string().max(128).default(''),
          page: z.coerce.number().int().min(1).max(100_000).default(1),
        }),
        response: { 200: RecordingList, default: ApiError },
      },
    },
    async (request) => {
      const { server, page } = request.query
      const known = await recordings.list()
      const all = await visible(identityOf(request), known.infos)
      const infos = server ? all.filter((info) => info.serverId === server) : all
      const skip = (page - 1) * PAGE_SIZE
      return {
        page,
        servers: serversOf(all),
        recordings: infos
          .slice(skip, skip + PAGE_SIZE)
          .map((info) => ({ ...info, mayDelete: mayDelete(request, info) })),
        hasMore: infos.length > skip + PAGE_SIZE,
        ...(known.away ? { away: true } : {}),
      }
    },
  )

  api.get(
    '/api/recordings/:id',
    {
      config: { access: 'read-recordings' },
      schema: {
        summary: 'What is known of one recording',
        tags: ['recordings'],
        params: Params,
        response: { 200: RecordingDetail, default: ApiError },
      },
    },
    async (request, reply) => {
      const found = await find(request)
      if (found.kind !== 'found') return missing(reply, found)
      return { recording: found.info, mayDelete: mayDelete(request, found.info) }
    },
  )

  api.get(
    '/api/recordings/:id/cast',
    {
      config: { access: 'read-recordings' },
      schema: {
        summary: 'The recording as an asciicast v2 file',
        tags: ['recordings'],
        params: Params,
        produces: ['application/x-asciicast'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await find(request)
      if (found.kind !== 'found') return missing(reply, found)
      const cast = await recordings.cast(found.info)
      if (!cast) return missing(reply)
      audit.record('read-recording', { ...told(request, found.info), outcome: 'done' })
      reply.type('application/x-asciicast').header('content-disposition', `attachment; filename="${id}.cast"`)
      if (cast.bytes !== null) reply.header('content-length', cast.bytes)
      return reply.send(cast.body)
    },
  )

  api.get(
    '/api/recordings/:id/text',
    {
      config: { access: 'read-recordings' },
      schema: {
        summary: 'All that was printed, as plain text',
        tags: ['recordings'],
        params: Params,
        produces: ['text/plain'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await find(request)
      if (found.kind !== 'found') return missing(reply, found)
      if (!(await recordings.isReadable(id))) return missing(reply)
      audit.record('read-recording', { ...told(request, found.info), outcome: 'done' })
      const read = await reader.text(recordings.sourceOf(id), leaving(reply))
      if (read.kind !== 'done') return unread(reply, read)
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="${id}.txt"`)
        .send(read.value)
    },
  )

  api.delete(
    '/api/recordings/:id',
    {
      config: { access: 'delete-recordings' },
      schema: {
        summary: 'Delete a recording, where BMS_CONSOLE_RECORDING_DELETE allows it',
        tags: ['recordings'],
        params: Params,
        response: { 204: NoContent, default: ApiError },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const found = await find(request)
      const refuse = (status: number, cause: Cause, detail: string) => {
        if (found.kind === 'found')
          audit.record('delete-recording', { ...told(request, found.info), ...outcomeOf(cause) })
        return fail(reply, status, cause, detail)
      }
      if (!mayBeDeleted) return refuse(403, 'recording-kept', 'BMS_CONSOLE_RECORDING_DELETE is not true.')
      if (found.kind !== 'found') return missing(reply, found)
      const recording = found.info
      if (!mayDelete(request, recording))
        return refuse(403, 'role-forbids', 'The role in its project does not allow to delete recordings.')
      if (recording.state === 'recording') {
        return refuse(409, 'recording-under-way', 'The console is still being recorded.')
      }
      if (!(await recordings.remove(recording))) return missing(reply, { kind: 'away' })
      audit.record('delete-recording', { ...told(request, recording), outcome: 'done' })
      request.log.info({ recording: id, server: recording.serverId }, 'recording deleted')
      return reply.code(204).send(null)
    },
  )
}

/** Answers for an export that was not done. */
function unread(reply: FastifyReply, read: Exclude<Read<unknown>, { kind: 'done' }>) {
  if (read.kind === 'left') return reply.hijack()
  const { status, cause, detail } = refusals[read.bound]
  if (read.bound === 'queue') reply.header('retry-after', 10)
  return fail(reply, status, cause, detail)
}

const refusals: Readonly<Record<Bound, { status: number; cause: Cause; detail: string }>> = {
  time: { status: 422, cause: 'recording-limit', detail: 'It took longer than the server allows.' },
  memory: { status: 422, cause: 'recording-limit', detail: 'It needed more memory than the server allows.' },
  queue: { status: 503, cause: 'recordings-busy', detail: 'Too many others wait for an export.' },
}

/** Aborts when the reader leaves, or has the whole answer. */
function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  return left.signal
}

function serversOf(infos: readonly RecordingInfo[]): RecordingList['servers'] {
  // The newest recording knows the newest name.
  const names = new Map<string, string>()
  for (const info of infos) if (!names.has(info.serverId)) names.set(info.serverId, info.serverName)
  return [...names]
    .map(([id, name]) => ({ id, name }))
    .sort((a, b) => byName.compare(a.name, b.name) || byName.compare(a.id, b.id))
}

/** Compares thousands of names in a few ms; `localeCompare` needs ten times as long. */
const byName = new Intl.Collator()
