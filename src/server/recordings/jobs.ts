import { z } from 'zod'
import { RecordingMatches } from '../../shared/recording.ts'

/** Where a recording is. */
const RecordingSource = z.discriminatedUnion('kind', [
  /** An asciicast file */
  z.object({ kind: z.literal('cast'), path: z.string() }),
])
export type RecordingSource = z.infer<typeof RecordingSource>

/** What the reader's worker can do. It gets one job, and ends with it. */
export const Job = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('search'),
    /** Newest first */
    recordings: z.array(z.object({ id: z.string(), source: RecordingSource })),
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
    source: RecordingSource,
    query: z.string(),
    matches: z.number(),
    ms: z.number(),
  }),
  z.object({ kind: z.literal('text'), source: RecordingSource }),
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
