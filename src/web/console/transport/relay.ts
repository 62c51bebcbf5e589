import { paths } from '../../../shared/api.ts'
import {
  RELAY_ACK_BYTES,
  RELAY_SUBPROTOCOL,
  RelayMessage,
  type ViewerMessage,
} from '../../../shared/relay-protocol.ts'
import { lineLost, openSocket } from './socket.ts'
import type { Transport, TransportHandlers } from './transport.ts'

/** Our relay: the token stays on the server, and what we have shown is acknowledged. */
export function openRelay(
  session: string,
  ticket: string,
  origin: string,
  handlers: TransportHandlers,
): Transport {
  let muted = false
  let received = 0
  let acknowledged = 0
  const tell = (message: ViewerMessage) => socket.sendText(JSON.stringify(message))
  const fail: TransportHandlers['onFailed'] = (failure) => {
    socket.close()
    handlers.onFailed(failure)
  }
  const socket = openSocket(`${origin.replace(/^http/, 'ws')}${paths.relay(session)}`, RELAY_SUBPROTOCOL, {
    onOpen: () => tell({ type: 'resume', ticket, offset: 0 }),
    onBytes: (bytes) => handlers.onBytes(bytes, muted),
    onText(text) {
      const message = parse(text)
      switch (message?.type) {
        case undefined:
          return fail({
            cause: 'protocol-error',
            detail: 'The relay sent a message that this page does not know.',
          })
        case 'hello':
          muted = message.replayFrom < message.offset
          received = message.replayFrom
          acknowledged = received
          return
        case 'live':
          muted = false
          return
        case 'state':
          if (message.gateway === 'open') handlers.onOpen()
          return
        case 'closing':
          return fail(message.failure)
      }
    },
    onClosed: ({ opened, code }) =>
      handlers.onFailed(lineLost(opened ? 'network-lost' : 'proxy-unreachable', code)),
  })
  return {
    send: socket.sendBytes,
    consumed(bytes) {
      received += bytes
      if (received - acknowledged < RELAY_ACK_BYTES) return
      acknowledged = received
      tell({ type: 'ack', offset: received })
    },
    close: socket.close,
  }
}

function parse(text: string): RelayMessage | null {
  try {
    return RelayMessage.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
