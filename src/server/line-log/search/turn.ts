import { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { LogMatch, LogQuery } from '../../../shared/log-search.ts'
import { RecordingMatch } from '../../../shared/recording.ts'
import { RecordingSource } from '../../recordings/jobs.ts'
import { Piece } from './pieces.ts'

/** A part of a search, which a worker does in one go. It looks at the lines that begin in the range. */
export const LogTurn = z.object({
  kind: z.literal('log'),
  query: LogQuery,
  /** The index's file, and the line's name in it. null: there is none. */
  index: z.nullable(z.object({ path: z.string(), line: z.string() })),
  /** Oldest first. They reach beyond the range, since its last line may. */
  pieces: z.array(Piece),
  from: z.number(),
  to: z.number(),
  /** It stops after so many matches, */
  most: z.number(),
  /** and after so many ms, so that others have their turn. */
  ms: z.number(),
})
export type LogTurn = z.infer<typeof LogTurn>

/** A search in one recording. It is read from its beginning, so a turn is all of it. */
export const RecordingTurn = z.object({
  kind: z.literal('recording'),
  query: LogQuery,
  source: RecordingSource,
  /** Seconds: the first, and the first after. null: any */
  from: z.nullable(z.number()),
  to: z.nullable(z.number()),
  /** Only lines before this one, counted from the recording's beginning. null: all */
  before: z.nullable(z.number()),
  /** It gives so many matches, the newest. */
  most: z.number(),
  ms: z.number(),
})
export type RecordingTurn = z.infer<typeof RecordingTurn>

export const Turn = z.discriminatedUnion('kind', [LogTurn, RecordingTurn])
export type Turn = z.infer<typeof Turn>

/** What the worker and who started it share, beside messages */
export const cells = {
  /** The id of a turn that nobody needs any more */
  stop: 0,
  /** Grows as long as the worker gets on. */
  alive: 1,
  /** The number that the system gave to its thread; 0: none */
  thread: 2,
} as const

/** What the worker is told. */
export const Order = z.object({
  id: z.number(),
  turn: Turn,
  /** Where it asks for what a recording says */
  events: z.instanceof(MessagePort),
})
export type Order = z.infer<typeof Order>

/** A line of a recording, and its number from the beginning */
export const NumberedMatch = z.object({ ...RecordingMatch.shape, line: z.number() })
export type NumberedMatch = z.infer<typeof NumberedMatch>

/** What the worker says. */
export const Answer = z.discriminatedUnion('kind', [
  /** It listens. */
  z.object({ kind: z.literal('ready') }),
  /** As `Scanned` says */
  z.object({ kind: z.literal('log'), id: z.number(), found: z.array(LogMatch), reached: z.number() }),
  /** As `ScannedRecording` says */
  z.object({
    kind: z.literal('recording'),
    id: z.number(),
    found: z.array(NumberedMatch),
    whole: z.boolean(),
  }),
  /** The regular expression is too much for the engine. */
  z.object({ kind: z.literal('too-hard'), id: z.number() }),
])
export type Answer = z.infer<typeof Answer>
