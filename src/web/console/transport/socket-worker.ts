import { ByteGatherer } from './byte-gatherer.ts'
import type { FromWorker, ToWorker } from './line-socket.ts'
import { openSocket, type Socket } from './socket.ts'

// The thread that reads the line. See line-socket.ts.

const worker = self as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void
  postMessage(message: FromWorker, transfer: Transferable[]): void
  close(): void
}
const tell = (message: FromWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer)
const gatherer = new ByteGatherer((lot) => tell({ type: 'bytes', lot }, lot))
let socket: Socket | null = null

worker.onmessage = ({ data: message }) => {
  switch (message.type) {
    case 'open':
      socket = openSocket(message.address, {
        onOpen: () => tell({ type: 'opened' }),
        onBytes: (bytes) => gatherer.add(bytes),
        onText(text) {
          // Flushed first, so that the text keeps its place between the bytes.
          gatherer.flush()
          tell({ type: 'text', text })
        },
        onSilent: (forMs) => tell({ type: 'silent', forMs }),
        onClosed(end) {
          gatherer.flush()
          tell({ type: 'closed', ...end })
        },
      })
      return
    case 'text':
      return socket?.sendText(message.text)
    case 'bytes':
      return socket?.sendBytes(new Uint8Array(message.bytes))
    case 'close':
      socket?.close()
      // Ending at once would cut the closing handshake short.
      void (socket?.gone ?? Promise.resolve()).then(() => worker.close())
  }
}
tell({ type: 'ready' })
