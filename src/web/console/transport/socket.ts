import { BEAT } from '../../../shared/beat.ts'
import { Silence } from './silence.ts'
import type { SocketFault } from './socket-fault.ts'

export interface SocketHandlers {
  onOpen(): void
  onText(text: string): void
  onBytes(bytes: Uint8Array<ArrayBuffer>): void
  /** @param forMs how long there was no sign of life; null: there was one again */
  onSilent(forMs: number | null): void
  /** Called once, unless we closed it ourselves. */
  onClosed(end: SocketEnd): void
}

export interface SocketEnd {
  opened: boolean
  code: number
  reason: string
  why: SocketFault
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
/** Chromium tells a page of a socket that its policy forbids by `error`, and never by `close`. */
const CLOSE_LIMIT_MS = 1_000

export interface SocketAddress {
  url: string
  protocols: string[]
  /** The other end is our relay, which sends a beat again and again and expects the same. */
  beats: boolean
}

/** A WebSocket that is silent once its owner has closed it: gateways break the closing handshake. */
export function openSocket({ url, protocols, beats }: SocketAddress, handlers: SocketHandlers): Socket {
  const made = make(url, protocols)
  if ('why' in made) return neverOpen(made, handlers)
  const { socket } = made
  socket.binaryType = 'arraybuffer'
  let opened = false
  let done = false
  let queued = 0
  let silence: Silence | null = null
  const end = () => {
    done = true
    clearTimeout(limit)
    removeEventListener('securitypolicyviolation', violated)
    silence?.stop()
  }
  const finish = (code: number, reason: string, why: SocketFault = 'closed') => {
    if (done) return
    end()
    handlers.onClosed({ opened, code, reason, why })
  }
  const limit = setTimeout(() => {
    finish(1006, `No answer within ${OPEN_LIMIT_MS / 1000} s. A firewall may be in the way.`, 'late')
    socket.close()
  }, OPEN_LIMIT_MS)
  // Some browsers tell the whole address, others no more than its scheme.
  const violated = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    if (!opened && effectiveDirective === 'connect-src' && url.startsWith(blockedURI))
      finish(1006, '', 'forbidden')
  }
  addEventListener('securitypolicyviolation', violated)
  socket.onerror = () => {
    if (socket.readyState === WebSocket.CLOSED) setTimeout(() => finish(1006, ''), CLOSE_LIMIT_MS)
  }
  socket.onopen = () => {
    if (done) return
    opened = true
    clearTimeout(limit)
    silence = new Silence({
      left: beats ? undefined : () => (socket.bufferedAmount > 0 ? queued - socket.bufferedAmount : null),
      onSilent: handlers.onSilent,
      onDead() {
        finish(1006, '', 'silent')
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

/** The browser's own words for it may hold the token. */
function make(url: string, protocols: string[]): { socket: WebSocket } | Pick<SocketEnd, 'why' | 'reason'> {
  try {
    return { socket: new WebSocket(url, protocols) }
  } catch (error) {
    // https://www.w3.org/TR/mixed-content: a page on https may open `ws:` on its own computer only.
    if (location.protocol === 'https:' && url.startsWith('ws:')) return { why: 'not-encrypted', reason: '' }
    const name = error instanceof Error ? error.name : 'Error'
    return { why: 'closed', reason: `The browser opens no such address (${name}).` }
  }
}

function neverOpen(made: Pick<SocketEnd, 'why' | 'reason'>, { onClosed }: SocketHandlers): Socket {
  let closed = false
  // Not at once: who opens a socket has it before it ends.
  queueMicrotask(() => {
    if (!closed) onClosed({ opened: false, code: 1006, ...made })
  })
  return {
    sendText() {},
    sendBytes() {},
    close() {
      closed = true
    },
    gone: Promise.resolve(),
  }
}
