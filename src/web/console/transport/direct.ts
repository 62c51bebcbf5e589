import { openLineSocket } from './line-socket.ts'
import { lineLost } from './socket.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/**
 * Connects to the gateway itself. Frames are binary in both directions: nova-serialproxy closes with 1003 on text, and
 * accepts no subprotocol but `binary`.
 */
export function openDirect(url: string, handlers: TransportHandlers): Transport {
  const encoder = new TextEncoder()
  let open = false
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    if (open) socket.sendBytes(bytes)
    return open
  }
  const address = { url, protocols: ['binary'], beats: false }
  const socket = openLineSocket(address, {
    onOpen() {
      open = true
      handlers.onOpen(false, null)
    },
    onBytes: (bytes) => handlers.onBytes(bytes, false),
    // Some proxies send text all the same.
    onText: (text) => handlers.onBytes(encoder.encode(text), false),
    onSilent: handlers.onSilent,
    onClosed({ opened, code, reason }) {
      open = false
      if (!opened) handlers.onFailed(lineLost('gateway-unreachable', code, reason))
      else if (code === 1003) handlers.onFailed({ cause: 'protocol-error', detail: reason || 'close 1003' })
      else handlers.onFailed(lineLost('gateway-closed', code))
    },
  })
  return {
    send,
    answer: (text) => void send(encoder.encode(text)),
    consumed: () => {},
    tell: () => {},
    resized: () => {},
    close: socket.close,
  }
}
