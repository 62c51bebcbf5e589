import { z } from 'zod'
import { LogMatch, LogQuery } from '../../../shared/log-search.ts'
import { Piece } from './pieces.ts'

/** A part of a search, which a worker does in one go. It looks at the lines that begin in the range. */
export const Turn = z.object({
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
export type Turn = z.infer<typeof Turn>

/** What the worker is told. */
export const Order = z.object({ id: z.number(), turn: Turn })
export type Order = z.infer<typeof Order>

/** What the worker says. */
export const Answer = z.discriminatedUnion('kind', [
  /** It listens. */
  z.object({ kind: z.literal('ready') }),
  /** As `Scanned` says */
  z.object({ kind: z.literal('scanned'), id: z.number(), found: z.array(LogMatch), reached: z.number() }),
  /** The regular expression is too much for the engine. */
  z.object({ kind: z.literal('too-hard'), id: z.number() }),
])
export type Answer = z.infer<typeof Answer>
