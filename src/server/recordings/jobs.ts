import { z } from 'zod'
import { type CastEvents, readEvents } from './cast.ts'

/** Where a recording is. */
export const RecordingSource = z.discriminatedUnion('kind', [
  /** An asciicast file */
  z.object({ kind: z.literal('cast'), path: z.string() }),
])
export type RecordingSource = z.infer<typeof RecordingSource>

/** Its events, for a worker: they may be many. */
export function openSource(source: RecordingSource): CastEvents {
  switch (source.kind) {
    case 'cast':
      return readEvents(source.path)
  }
}

/** The reader's worker makes the text of a recording, and ends with it. */
export const Job = z.object({ source: RecordingSource })
export type Job = z.infer<typeof Job>

/** What the worker says. After each piece of text it waits until it is asked for more. */
export const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('end') }),
])
export type Answer = z.infer<typeof Answer>
