import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import { openDirect } from './direct.ts'
import { openRelay } from './relay.ts'

/** One open line. After `close` none of the handlers is called. */
export interface Transport {
  send(bytes: Uint8Array<ArrayBuffer>): void
  /** Serial bytes that the terminal has taken in: the relay sends more only for these. */
  consumed(bytes: number): void
  close(): void
}

export interface TransportHandlers {
  /** The gateway accepted the connection, which does not yet mean that it accepts us. */
  onOpen(): void
  /** `muted`: replayed history, to which the terminal must not answer. */
  onBytes(bytes: Uint8Array, muted: boolean): void
  onFailed(failure: Failure): void
}

export type OpenTransport = (issued: IssuedConsole, handlers: TransportHandlers) => Transport

export const openTransport: OpenTransport = (issued, handlers) => {
  switch (issued.transport) {
    case 'direct':
      return openDirect(issued.url, handlers)
    case 'relay':
      return openRelay(issued.session, issued.ticket, location.origin, handlers)
  }
}
