import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError } from '../../shared/api.ts'
import type { Cause } from '../../shared/cause.ts'
import { RecordingDetail, RecordingId, type RecordingInfo, RecordingList } from '../../shared/recording.ts'
import { identityOf } from '../access.ts'
import { type Audit, askerOf, outcomeOf } from '../audit/audit.ts'
import { fail } from '../http-errors.ts'
import { castOf, measureCast } from '../recordings/cast.ts'
import type { Bound, Read, RecordingReader } from '../recordings/reader.ts'
import type { Recorder } from '../recordings/recorder.ts'
import { mayIn } from '../sign-in/rights.ts'
import { recordingSearchRoutes } from './recording-search.ts'
import type { SearchResources } from './search-stream.ts'
import { reaches, visible } from './visible-recordings.ts'

const PAGE_SIZE = 25

const Params = z.object({ id: RecordingId })
const NoContent = z.null().describe('Deleted')

export interface RecordingRouteOptions extends SearchResources {
  /** null: recordings are off. */
  recorder: Recorder | null
  audit: Audit
  reader: RecordingReader
}

export function recordingRoutes(
  instance: FastifyInstance,
  { recorder, audit, reader, ...resources }: RecordingRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  if (!recorder) {
    const off = (_request: FastifyRequest, reply: FastifyReply) =>
      fail(reply, 404, 'recordings-off', 'BMS_CONSOLE_RECORDINGS is off.')
    api.all('/api/recordings', { config: { access: 'signed-in' }, schema: { hide: true } }, off)
    api.all('/api/recordings/*', { config: { access: 'signed-in' }, schema: { hide: true } }, off)
    return
  }
  recordingSearchRoutes(instance, { recorder, audit, ...resources })
  const { folder } = recorder
  const told = (request: FastifyRequest, { id, serverId, serverName, project }: RecordingInfo) => ({
    ...askerOf(request),
    server: { id: serverId, name: serverName },
    project,
    detail: id,
  })
  const mayDelete = (request: FastifyRequest, { project }: RecordingInfo) =>
    recorder.settings.mayDelete && mayIn(identityOf(request), project, 'delete-recordings')
  /** The recording, for who may know of it; null: there is none for them. */
  const find = async (request: FastifyRequest<{ Params: z.infer<typeof Params> }>) => {
    const info = await recorder.get(request.params.id)
    return info && (await reaches(identityOf(request), info)) ? info : null
  }
  /** null: there is none, or its file is gone. `bytes`: those of the whole lines of an asciicast file */
  const whole = async (request: Parameters<typeof find>[0]) => {
    const info = await find(request)
    if (!info) return null
    const source = folder.source(info.id)
    if (source.kind === 'log') return { info, source, bytes: 0 }
    const { bytes } = await measureCast(source.path).catch(() => ({ bytes: 0 }))
    return bytes > 0 ? { info, source, bytes } : null
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
      const all = await visible(identityOf(request), await recorder.list())
      const infos = server ? all.filter((info) => info.serverId === server) : all
      const skip = (page - 1) * PAGE_SIZE
      const recordings = infos
        .slice(skip, skip + PAGE_SIZE)
        .map((info) => ({ ...info, mayDelete: mayDelete(request, info) }))
      return { page, servers: serversOf(all), recordings, hasMore: infos.length > skip + PAGE_SIZE }
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
      const recording = await find(request)
      return recording ? { recording, mayDelete: mayDelete(request, recording) } : missing(reply)
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
      const found = await whole(request)
      if (!found) return missing(reply)
      const { info, source, bytes } = found
      audit.record('read-recording', { ...told(request, info), outcome: 'done' })
      reply.type('application/x-asciicast').header('content-disposition', `attachment; filename="${id}.cast"`)
      if (source.kind === 'log') return reply.send(Readable.from(castOf(info, recorder.events(id))))
      return reply.header('content-length', bytes).send(createReadStream(source.path, { end: bytes - 1 }))
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
      const found = await whole(request)
      if (!found) return missing(reply)
      audit.record('read-recording', { ...told(request, found.info), outcome: 'done' })
      const read = await reader.text(found.source, leaving(reply))
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
      const recording = await find(request)
      const refuse = (status: number, cause: Cause, detail: string) => {
        if (recording) audit.record('delete-recording', { ...told(request, recording), ...outcomeOf(cause) })
        return fail(reply, status, cause, detail)
      }
      if (!recorder.settings.mayDelete)
        return refuse(403, 'recording-kept', 'BMS_CONSOLE_RECORDING_DELETE is not true.')
      if (!recording) return missing(reply)
      if (!mayDelete(request, recording))
        return refuse(403, 'role-forbids', 'The role in its project does not allow to delete recordings.')
      if (recording.state === 'recording') {
        return refuse(409, 'recording-under-way', 'The console is still being recorded.')
      }
      await recorder.remove(recording)
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

function missing(reply: FastifyReply) {
  return fail(reply, 404, 'recording-not-found', 'There is no such recording.')
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
