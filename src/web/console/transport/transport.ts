import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { NotSent, Viewer, ViewerMay, ViewerMessage } from '../../../shared/relay-protocol.ts'

/** One open line. After `close` none of the handlers is called. */
export interface Transport {
  send(bytes: Uint8Array<ArrayBuffer>): void
  /** Serial bytes that the terminal has taken in: the relay sends more only for these. */
  consumed(bytes: number): void
  /** To the relay; a gateway has no such thing. */
  tell(message: ViewerMessage): void
  close(): void
}

/** What the relay tells beside the bytes, in its place between them. */
export type RelayEvent =
  /** `lostBytes`: what came since our last byte and is no longer kept; null when it is another session than ours. */
  | { type: 'joined'; session: string; may: ViewerMay; replayFrom: number; lostBytes: number | null }
  | { type: 'gap'; lostBytes: number }
  | { type: 'seam'; awayMs: number }
  | { type: 'line-lost'; failure: Failure; retryInMs: number }
  | { type: 'line-opening' }
  | { type: 'viewers'; you: string; viewers: Viewer[] }
  | { type: 'not-sent'; why: NotSent }
  | { type: 'recording'; on: boolean; mayChange: boolean }
  | { type: 'warning'; limit: 'idle-limit' | 'time-limit'; endsInMs: number | null }

/** The first byte that we do not have, and of which session. */
export interface ResumePoint {
  session: string
  offset: number
}

export interface TransportHandlers {
  /** The gateway accepted the connection, which does not yet mean that it accepts us. `spoke`: it is heard already. */
  onOpen(spoke: boolean): void
  /** `muted`: replayed history, to which the terminal must not answer. */
  onBytes(bytes: Uint8Array, muted: boolean): void
  onRelay(event: RelayEvent): void
  onFailed(failure: Failure): void
}

export type OpenTransport = (
  issued: IssuedConsole,
  from: ResumePoint | null,
  handlers: TransportHandlers,
) => Transport
