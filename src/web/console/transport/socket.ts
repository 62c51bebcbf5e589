import { BEAT } from '../../../shared/beat.ts'
import type { Failure } from '../../../shared/cause.ts'
import { Silence } from './silence.ts'

export interface SocketHandlers {
  onOpen(): void
  onText(text: string): void
  onBytes(bytes: Uint8Array): void
  /** @param forMs how long there was no sign of life; null: there was one again */
  onSilent(forMs: number | null): void
  /** Called once, unless we closed it ourselves. */
  onClosed(end: SocketEnd): void
}

interface SocketEnd {
  opened: boolean
  code: number
  reason: string
  /** It was open, but nothing came any more. */
  silent: boolean
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

export interface SocketAddress {
  url: string
  protocols: string[]
  /** The other end is our relay, which sends a beat again and again and expects the same. */
  beats: boolean
}

/** A WebSocket that is silent once its owner has closed it: gateways break the closing handshake. */
export function openSocket({ url, protocols, beats }: SocketAddress, handlers: SocketHandlers): Socket {
  const socket = new WebSocket(url, protocols)
  socket.binaryType = 'arraybuffer'
  let opened = false
  let done = false
  let queued = 0
  let silence: Silence | null = null
  const end = () => {
    done = true
    clearTimeout(limit)
    silence?.stop()
  }
  const finish = (code: number, reason: string, silent = false) => {
    if (done) return
    end()
    handlers.onClosed({ opened, code, reason, silent })
  }
  const limit = setTimeout(() => {
    finish(1006, `No answer within ${OPEN_LIMIT_MS / 1000} s. A firewall may be in the way.`)
    socket.close()
  }, OPEN_LIMIT_MS)
  socket.onopen = () => {
    if (done) return
    opened = true
    clearTimeout(limit)
    silence = new Silence({
      left: beats ? undefined : () => (socket.bufferedAmount > 0 ? queued - socket.bufferedAmount : null),
      onSilent: handlers.onSilent,
      onDead() {
        finish(1006, '', true)
        socket.close()
      },
    })
    handlers.onOpen()
  }
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (done) return
    if (beats) silence?.heard()
    if (beats && data === BEAT) socket.send(BEAT)
    else if (data instanceof ArrayBuffer) handlers.onBytes(new Uint8Array(data))
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
      if (socket.readyState !== WebSocket.OPEN) return
      queued += bytes.length
      socket.send(bytes)
    },
    close() {
      end()
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
