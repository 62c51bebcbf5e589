import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { z } from 'zod'
import { CastEvent, type CastEvents } from './cast.ts'

/** The worker asks for the next events of a recording. */
const Question = z.object({ id: z.string() })
/** null: there are no more. */
const Events = z.object({ events: z.array(CastEvent).nullable() })

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
    // A recording that cannot be read ends where it is. The worker goes on with the next.
    answer(Question.parse(message).id).catch(() => {
      current = null
      port.postMessage({ events: null })
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

async function* noEvents(): CastEvents {}

/** The events of a recording, in the worker. One recording is read at a time. */
export async function* askedEvents(port: MessagePort, id: string): AsyncGenerator<CastEvent[]> {
  for (;;) {
    const told = once(port, 'message')
    port.postMessage({ id })
    const { events } = Events.parse((await told)[0])
    if (!events) return
    yield events
  }
}
