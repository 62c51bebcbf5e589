import type { MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { type CastEvents, readEvents } from './cast.ts'
import { askedEvents } from './event-port.ts'

/** Where a recording is. */
export const RecordingSource = z.discriminatedUnion('kind', [
  /** An asciicast file */
  z.object({ kind: z.literal('cast'), path: z.string() }),
  /** A range of a line's log. Who started the worker gives the events. */
  z.object({ kind: z.literal('log'), id: z.string() }),
])
export type RecordingSource = z.infer<typeof RecordingSource>

/** Its events, in a worker. @param events where it asks for those that it cannot read itself */
export function openSource(source: RecordingSource, events: MessagePort): CastEvents {
  switch (source.kind) {
    case 'cast':
      return readEvents(source.path)
    case 'log':
      return askedEvents(events, source.id)
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
