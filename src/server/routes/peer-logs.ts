import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { fail } from '../http-errors.ts'
import {
  AT_HEADER,
  BytesQuery,
  type KeptLines,
  type KeptLog,
  type KeptMarks,
  type KeptOffset,
  type KeptTimes,
  MOST_MARKS,
  peerPaths,
  RangeQuery,
  TIMES_BLOCK,
  TimeQuery,
} from '../line-log/peers/wire.ts'
import type { LineStore } from '../line-log/store/store.ts'
import { ServerParams } from './servers.ts'

export interface PeerLogRouteOptions {
  /** null: lines are not kept. */
  store: (Pick<LineStore, 'reader' | 'lines'> & { id: string }) | null
}

/**
 * What this replica keeps, for the other replicas alone. They know nobody's rights here: each has looked at the rights of
 * the person for whom it asks.
 */
export function peerLogRoutes(instance: FastifyInstance, { store }: PeerLogRouteOptions): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const id = store?.id ?? null
  const path = peerPaths.log(':id')

  api.get(
    peerPaths.lines,
    { schema: { hide: true } },
    async (): Promise<z.input<typeof KeptLines>> => ({ store: id, lines: [...(store?.lines() ?? [])] }),
  )

  api.get(
    path,
    { schema: { hide: true, params: ServerParams } },
    async ({ params }): Promise<z.input<typeof KeptLog>> => {
      const reader = store?.reader(params.id)
      if (!reader) return { store: id, log: null }
      const { line, end } = reader
      const marksAtEnd = (await reader.marks(end, end)).length
      return { store: id, log: { line, end, marksAtEnd, stretches: [...reader.stretches()] } }
    },
  )

  api.get(
    `${path}/bytes`,
    { schema: { hide: true, params: ServerParams, querystring: BytesQuery } },
    async ({ params, query }, reply) => {
      const reader = store?.reader(params.id)
      if (!reader) return fail(reply, 404, 'server-not-found', 'This replica has nothing of this line.')
      const { at, bytes } = await reader.read(query.from, query.most)
      return reply.type('application/octet-stream').header(AT_HEADER, at).send(bytes)
    },
  )

  api.get(
    `${path}/marks`,
    { schema: { hide: true, params: ServerParams, querystring: RangeQuery } },
    async ({ params, query }): Promise<z.input<typeof KeptMarks>> => {
      const marks = (await store?.reader(params.id)?.marks(query.from, query.to)) ?? []
      // Those at one offset stay together.
      const next = marks.find((mark, index) => index >= MOST_MARKS && mark.at !== marks[index - 1]?.at)
      return { marks: next ? marks.filter(({ at }) => at < next.at) : marks, next: next?.at ?? null }
    },
  )

  api.get(
    `${path}/times`,
    { schema: { hide: true, params: ServerParams, querystring: RangeQuery } },
    async ({ params, query: { from, to } }): Promise<z.input<typeof KeptTimes>> => {
      const most = Math.min(to, from + TIMES_BLOCK)
      return { times: (await store?.reader(params.id)?.times(from, most)) ?? [] }
    },
  )

  api.get(
    `${path}/offset`,
    { schema: { hide: true, params: ServerParams, querystring: TimeQuery } },
    async ({ params, query }): Promise<z.input<typeof KeptOffset>> => ({
      offset: (await store?.reader(params.id)?.offsetOf(query.time)) ?? 0,
    }),
  )
}
