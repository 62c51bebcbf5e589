import type { Failure } from '../../../shared/cause.ts'
import { lineLost } from './line-lost.ts'
import { openLineSocket } from './line-socket.ts'
import type { SocketEnd } from './socket.ts'
import type { SeenOutput, Transport, TransportHandlers } from './transport.ts'

/** What nova-serialproxy accepts: this subprotocol, or none. */
const SUBPROTOCOL = 'binary'

/** Gateways of this page that opened when no subprotocol was offered. */
const selectNone = new Set<string>()

/**
 * Connects to the gateway itself. Frames are binary in both directions: nova-serialproxy closes with 1003 on text.
 *
 * A browser ends the handshake with a gateway that selects none of what was offered, and does not say that this was why.
 * So who did not open is asked once more, with the same link, in the other way. A link that was good only once then
 * fails, but the next one begins in the way that opened.
 */
export function openDirect(
  url: string,
  handlers: TransportHandlers,
  seen: SeenOutput | null = null,
): Transport {
  const encoder = new TextEncoder()
  const { host } = new URL(url)
  let open = false
  /** The machine said something. Until then, the page itself may be what the gateway refuses. */
  let heard = false
  const hear = (bytes: Uint8Array) => {
    heard = true
    seen?.heard(bytes)
    handlers.onBytes(bytes, false)
  }
  const connect = (offer: boolean, again: boolean) =>
    openLineSocket(
      { url, protocols: offer ? [SUBPROTOCOL] : [], beats: false },
      {
        onOpen() {
          open = true
          if (offer) selectNone.delete(host)
          else selectNone.add(host)
          handlers.onOpen(false, null)
        },
        onBytes: hear,
        // Some proxies send text all the same.
        onText: (text) => hear(encoder.encode(text)),
        onSilent: handlers.onSilent,
        onClosed(end) {
          open = false
          seen?.lost()
          if (again && !end.opened && end.why === 'closed') socket = connect(!offer, false)
          else handlers.onFailed(failureOf(end, heard))
        },
      },
    )
  let socket = connect(!selectNone.has(host), true)
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    if (open) socket.sendBytes(bytes)
    return open
  }
  return {
    send,
    answer: (text) => void send(encoder.encode(text)),
    consumed: () => {},
    tell: () => {},
    resized: () => {},
    close() {
      seen?.lost()
      socket.close()
    },
  }
}

function failureOf({ opened, code, reason, why }: SocketEnd, heard: boolean): Failure {
  switch (why) {
    case 'not-encrypted':
      return { cause: 'gateway-not-encrypted' }
    case 'forbidden':
      return { cause: 'gateway-forbidden' }
    case 'closed':
    case 'late':
    case 'silent':
      if (!opened) return lineLost('gateway-unreachable', code, reason)
      return code === 1003
        ? { cause: 'protocol-error', detail: reason || 'close 1003' }
        : lineLost('gateway-closed', code, heard ? '' : `close ${code}, to a page from ${location.origin}`)
  }
}
