import * as z from 'zod/mini'
import type { Socket, SocketAddress, SocketHandlers } from './socket.ts'
import { socketFaults } from './socket-fault.ts'

type LineSocket = Omit<Socket, 'gone'>

/**
 * The messages to the worker. Only this page posts them, from the same build, so the worker does not parse them: the
 * library for schemas would be nine tenths of its script, which every console loads.
 */
export type ToWorker =
  | { type: 'open'; address: SocketAddress }
  | { type: 'text'; text: string }
  | { type: 'bytes'; bytes: ArrayBuffer }
  | { type: 'close' }

/** The messages from the worker. It is our own code, but messages are parsed all the same. */
export const FromWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('opened') }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('bytes'), lot: z.array(z.instanceof(ArrayBuffer)) }),
  z.object({ type: z.literal('silent'), forMs: z.nullable(z.number()) }),
  z.object({
    type: z.literal('closed'),
    opened: z.boolean(),
    code: z.number(),
    reason: z.string(),
    why: z.enum(socketFaults),
  }),
])
export type FromWorker = z.infer<typeof FromWorker>

/**
 * Opens the line's WebSocket in a thread of its own. A browser does not read a socket while the socket's thread is busy,
 * and in a flood the terminal keeps the page's thread busy. Where no worker starts (an old sandbox, a blocked script),
 * the page reads the socket itself, by a script that it loads for that.
 */
export function openLineSocket(address: SocketAddress, handlers: SocketHandlers): LineSocket {
  const worker = startWorker()
  const tell = (message: ToWorker, transfer: Transferable[] = []) => worker?.postMessage(message, transfer)
  /** Takes the worker's place if that did not start. */
  let own: Socket | null = null
  let ready = false
  let opened = false
  let closed = false
  const fail = (reason: string) => {
    if (closed) return
    closed = true
    worker?.terminate()
    handlers.onClosed({ opened, code: 1006, reason, why: 'closed' })
  }
  const readHere = () =>
    void import('./socket.ts').then(
      ({ openSocket }) => {
        if (!closed) own = openSocket(address, handlers)
      },
      () => fail('The script that reads the line did not load.'),
    )
  if (worker) {
    worker.onerror = () => {
      if (!ready) readHere()
      // What its script did not foresee must not leave the page waiting.
      else fail('The thread that reads the line failed.')
    }
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (closed) return
      const message = FromWorker.parse(data)
      switch (message.type) {
        case 'ready':
          ready = true
          return tell({ type: 'open', address })
        case 'opened':
          opened = true
          return handlers.onOpen()
        case 'text':
          return handlers.onText(message.text)
        case 'bytes':
          // Who hears the first may close the line.
          for (const bytes of message.lot) if (!closed) handlers.onBytes(new Uint8Array(bytes))
          return
        case 'silent':
          return handlers.onSilent(message.forMs)
        case 'closed':
          closed = true
          worker.terminate()
          return handlers.onClosed(message)
      }
    }
  } else readHere()
  return {
    sendText: (text) => (own ? own.sendText(text) : tell({ type: 'text', text })),
    sendBytes(bytes) {
      if (own) return own.sendBytes(bytes)
      // A copy, because a transfer would take the caller's bytes away.
      const { buffer } = bytes.slice()
      tell({ type: 'bytes', bytes: buffer }, [buffer])
    },
    close() {
      if (own) return own.close()
      if (closed) return
      closed = true
      // The worker ends itself after the closing handshake.
      if (ready) tell({ type: 'close' })
      else worker?.terminate()
    },
  }
}

/** @returns null where the browser has none for us */
function startWorker(): Worker | null {
  try {
    return new Worker(new URL('./socket-worker.ts', import.meta.url), { type: 'module' })
  } catch {
    return null
  }
}
