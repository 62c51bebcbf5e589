import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { CastEvent, type CastEvents } from './cast.ts'

/** The worker asks for the next events of a recording. */
const Question = z.object({ id: z.string() })
/** null: there are no more. */
const Events = z.object({ events: z.array(CastEvent).nullable(), failed: z.boolean().default(false) })

/**
 * Gives a worker the events of recordings that it cannot open itself, piece by piece, as it asks.
 * @returns the worker's end, and what closes this one
 */
export function serveEvents(open: (id: string) => CastEvents = noEvents): {
  asking: MessagePort
  close: () => void
} {
  const { port1: port, port2: asking } = new MessageChannel()
  let current: { id: string; events: AsyncIterator<readonly CastEvent[]> } | null = null
  /** A recording that is not read to its end has files open. */
  const leave = () => {
    current?.events.return?.().catch(() => {})
    current = null
  }
  const answer = async (id: string) => {
    if (current?.id !== id) leave()
    current ??= { id, events: open(id)[Symbol.asyncIterator]() }
    const next = await current.events.next()
    if (next.done) current = null
    port.postMessage({ events: next.done ? null : next.value })
  }
  port.on('message', (message: unknown) => {
    answer(Question.parse(message).id).catch(() => {
      current = null
      port.postMessage({ events: null, failed: true })
    })
  })
  // It must not keep the process alive.
  port.unref()
  return {
    asking,
    close() {
      port.close()
      leave()
    },
  }
}

export class CutShort extends Error {}

async function* noEvents(): CastEvents {}

/** The events of a recording, in the worker. One recording is read at a time. */
export async function* askedEvents(port: MessagePort, id: string): AsyncGenerator<CastEvent[]> {
  for (;;) {
    const told = once(port, 'message')
    port.postMessage({ id })
    const { events, failed } = Events.parse((await told)[0])
    // Half a recording must not look like all of it.
    if (failed) throw new CutShort('The recording cannot be read to its end.')
    if (!events) return
    yield events
  }
}
