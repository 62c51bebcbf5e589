import { z } from 'zod'
import { RecordingMatches } from '../../shared/recording.ts'

/** What the reader's worker can do. It gets one job, and ends with it. */
export const Job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('search'),
    /** Newest first */
    casts: z.array(z.object({ id: z.string(), path: z.string() })),
    query: z.string(),
    /** The most matches of one recording */
    matches: z.number(),
    /** Recordings with matches to leave out, and to give */
    skip: z.number(),
    take: z.number(),
    /** The search gives what it has after so long. */
    ms: z.number(),
  }),
  z.object({
    kind: z.literal('search-one'),
    path: z.string(),
    query: z.string(),
    matches: z.number(),
    ms: z.number(),
  }),
  z.object({ kind: z.literal('text'), path: z.string() }),
])
export type Job = z.infer<typeof Job>

const SearchPage = z.object({
  found: z.array(z.object({ id: z.string(), matches: RecordingMatches })),
  hasMore: z.boolean(),
  complete: z.boolean(),
})

/** What the worker says. After each piece of text it waits until it is asked for more. */
export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), page: SearchPage }),
  z.object({ kind: z.literal('matches'), matches: RecordingMatches }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('end') }),
])
export type Answer = z.infer<typeof Answer>
