import type { Failure } from '../../../shared/cause.ts'

export interface SocketHandlers {
  onOpen(): void
  onText(text: string): void
  onBytes(bytes: Uint8Array): void
  /** Called once, unless we closed it ourselves. */
  onClosed(end: { opened: boolean; code: number; reason: string }): void
}

export interface Socket {
  sendText(text: string): void
  sendBytes(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
  /** Resolves when the connection is gone, no matter which end closed it. */
  readonly gone: Promise<void>
}

/** How long a gateway may take to answer. Without a limit the page would wait for ever. */
const OPEN_LIMIT_MS = 15_000

/** A WebSocket that is silent once its owner has closed it: gateways break the closing handshake. */
export function openSocket(url: string, protocols: string[], handlers: SocketHandlers): Socket {
  const socket = new WebSocket(url, protocols)
  socket.binaryType = 'arraybuffer'
  let opened = false
  let done = false
  const finish = (code: number, reason: string) => {
    if (done) return
    done = true
    clearTimeout(limit)
    handlers.onClosed({ opened, code, reason })
  }
  const limit = setTimeout(() => {
    finish(1006, `No answer within ${OPEN_LIMIT_MS / 1000} s. A firewall may be in the way.`)
    socket.close()
  }, OPEN_LIMIT_MS)
  socket.onopen = () => {
    if (done) return
    opened = true
    clearTimeout(limit)
    handlers.onOpen()
  }
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (done) return
    if (data instanceof ArrayBuffer) handlers.onBytes(new Uint8Array(data))
    else if (typeof data === 'string') handlers.onText(data)
  }
  const gone = new Promise<void>((resolve) => {
    socket.onclose = ({ code, reason }) => {
      finish(code, reason)
      resolve()
    }
  })
  return {
    sendText(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    sendBytes(bytes) {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
    },
    close() {
      done = true
      clearTimeout(limit)
      socket.close()
    },
    gone,
  }
}

/** A close without a reason. `network-lost` is for the browser that says it is offline, and for no other. */
export function lineLost(otherwise: Failure['cause'], code: number, reason = ''): Failure {
  return navigator.onLine
    ? { cause: otherwise, detail: reason || `close ${code}` }
    : { cause: 'network-lost' }
}
