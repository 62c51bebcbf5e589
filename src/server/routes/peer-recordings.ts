import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { RecordingId } from '../../shared/recording.ts'
import {
  type KeptRecording,
  type KeptRecordings,
  ListQuery,
  MOST_INFOS,
  recordingPeerPaths,
} from '../recordings/peers/wire.ts'
import type { Recorder } from '../recordings/recorder.ts'
import { OwnRecordings } from '../recordings/recordings.ts'
import { missing } from './missing-recording.ts'

interface PeerRecordingRouteOptions {
  /** null: recordings are off. */
  recorder: Recorder | null
}

const Params = z.object({ id: RecordingId })

/**
 * This replica's recordings, for the other replicas alone. They know nobody's rights here: each has looked at the rights
 * of the person for whom it asks.
 */
export function peerRecordingRoutes(
  instance: FastifyInstance,
  { recorder }: PeerRecordingRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const store = recorder?.store.id ?? null
  const path = recordingPeerPaths.recording(':id')

  api.get(
    recordingPeerPaths.base,
    { schema: { hide: true, querystring: ListQuery } },
    async ({ query }): Promise<z.input<typeof KeptRecordings>> => {
      // What changes meanwhile is asked for again.
      const version = String(recorder?.folder.version ?? 0)
      const all = (await recorder?.list()) ?? []
      return {
        store,
        version,
        infos: query.known === version ? null : all.slice(query.from, query.from + MOST_INFOS),
        total: all.length,
        active: all.filter(({ state }) => state === 'recording'),
      }
    },
  )

  api.get(
    path,
    { schema: { hide: true, params: Params } },
    async ({ params }): Promise<z.input<typeof KeptRecording>> => ({
      store,
      info: (await recorder?.get(params.id)) ?? null,
    }),
  )

  api.get(
    recordingPeerPaths.cast(':id'),
    { schema: { hide: true, params: Params } },
    async ({ params }, reply) => {
      const info = await recorder?.get(params.id)
      const cast = recorder && info && (await new OwnRecordings(recorder).cast(info))
      if (!cast) return missing(reply)
      return reply.type('application/x-asciicast').send(cast.body)
    },
  )

  api.delete(path, { schema: { hide: true, params: Params } }, async ({ params }, reply) => {
    const info = await recorder?.get(params.id)
    if (!recorder || !info) return missing(reply)
    await recorder.remove(info)
    return reply.code(204).send()
  })
}
