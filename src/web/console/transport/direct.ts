import { openLineSocket } from './line-socket.ts'
import { lineLost } from './socket.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/**
 * Connects to the gateway itself. Frames are binary in both directions: nova-serialproxy closes with 1003 on text, and
 * accepts no subprotocol but `binary`.
 */
export function openDirect(url: string, handlers: TransportHandlers): Transport {
  const encoder = new TextEncoder()
  const socket = openLineSocket(url, ['binary'], {
    onOpen: () => handlers.onOpen(false),
    onBytes: (bytes) => handlers.onBytes(bytes, false),
    // Some proxies send text all the same.
    onText: (text) => handlers.onBytes(encoder.encode(text), false),
    onClosed({ opened, code, reason }) {
      if (!opened) handlers.onFailed(lineLost('gateway-unreachable', code, reason))
      else if (code === 1003) handlers.onFailed({ cause: 'protocol-error', detail: reason || 'close 1003' })
      else handlers.onFailed(lineLost('gateway-closed', code))
    },
  })
  return { send: socket.sendBytes, consumed: () => {}, tell: () => {}, close: socket.close }
}
