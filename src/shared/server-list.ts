import * as z from 'zod/mini'
import { ServerList } from './api.ts'
import { Failure } from './cause.ts'
import { Server } from './server.ts'

/**
 * The list as a stream, one event a line. It has one or more readings, each from `begin` to `end`. A reading that is not
 * whole tells what differs from the version that the reader has: the one asked with, or that of the `end` before it.
 */
export const ListEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begin'),
    /** Whether all servers come. At the `end`, those that did not come are gone. */
    whole: z.boolean(),
    /** How many servers there are. null: the cloud has not told yet */
    total: z.nullable(z.number()),
  }),
  /** The cloud has told how many there are, or has changed its mind. */
  z.object({ type: z.literal('total'), total: z.nullable(z.number()) }),
  /** A part of a page as the cloud gave it. Of a difference: what is new and what has changed */
  z.object({ type: z.literal('servers'), servers: z.array(Server) }),
  z.object({ type: z.literal('gone'), ids: z.array(z.string()) }),
  z.object({ type: z.literal('missing'), missing: ServerList.shape.missing }),
  /** The reader has the whole list of this version. */
  z.object({ type: z.literal('end'), version: z.string() }),
  /** Nothing comes any more. What came before holds, but is not the whole list. */
  z.object({ type: z.literal('failed'), failure: Failure }),
])
export type ListEvent = z.infer<typeof ListEvent>
