import * as z from 'zod/mini'

/** What is looked for in a line's log: a phrase as it was typed, or a regular expression of JavaScript with the flag `u`. */
export const LogQuery = z.object({
  text: z.string().check(z.minLength(1), z.maxLength(200)),
  regex: z.boolean(),
  matchCase: z.boolean(),
})
export type LogQuery = z.infer<typeof LogQuery>

/** A search, as it is asked for. */
export interface LogSearch extends LogQuery {
  /** ISO 8601: the first moment, and the first moment after */
  from?: string | undefined
  to?: string | undefined
  /** The cursor from the page before */
  before?: string | undefined
  limit?: number | undefined
}

/** A line of the log in which it was found: plain text, without colours. It may be cut on both sides. */
export const LogMatch = z.object({
  /** Where the line begins */
  offset: z.number(),
  before: z.string(),
  match: z.string(),
  after: z.string(),
})
export type LogMatch = z.infer<typeof LogMatch>

/**
 * Why a search ended: it looked at everything, the page of hits is full, or its time is up. `too-hard`: the regular
 * expression takes too long. `failed`: a fault of the server.
 */
export const LogSearchEnd = z.enum(['all', 'page', 'time', 'too-hard', 'failed'])
export type LogSearchEnd = z.infer<typeof LogSearchEnd>

/**
 * Where a search goes on: lines of this server's log that begin before the offset, and the logs after it. In recordings:
 * lines of this recording before that number, and the recordings after it.
 */
export interface SearchPlace {
  id: string
  before: number
}

/** A place as text, for a query. */
export const SearchCursor = z.codec(
  z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}\.\d{1,15}$/)),
  z.object({ id: z.string(), before: z.number() }),
  {
    decode: (cursor): SearchPlace => {
      const [id = '', before = ''] = cursor.split('.')
      return { id, before: Number(before) }
    },
    encode: ({ id, before }) => `${id}.${before}`,
  },
)

export const LogSearchProgress = z.object({
  type: z.literal('progress'),
  scannedBytes: z.number(),
  totalBytes: z.number(),
})

export const LogSearchEnded = z.object({
  type: z.literal('end'),
  reason: LogSearchEnd,
  /** null: nothing is left to search */
  cursor: z.nullable(z.string()),
  /** A replica that may have more to search does not answer. */
  away: z.optional(z.boolean()),
})
export type LogSearchEnded = z.infer<typeof LogSearchEnded>

/** What a search tells, one JSON object a line. The last one is `end`, unless the connection was cut. */
export const LogSearchEvent = z.discriminatedUnion('type', [
  LogSearchProgress,
  z.extend(LogMatch, {
    type: z.literal('hit'),
    server: z.object({ id: z.string(), name: z.string() }),
    /** When the line came, ISO 8601, to about a second */
    time: z.string(),
    /** The boot that it belongs to. null: that began before what is kept, or finding it would take too long. */
    boot: z.nullable(z.object({ offset: z.number(), time: z.string() })),
  }),
  LogSearchEnded,
])
export type LogSearchEvent = z.infer<typeof LogSearchEvent>
