import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type { NotSent, Viewer, ViewerMay, ViewerMessage } from '../../../shared/relay-protocol.ts'

/** One open line. After `close` none of the handlers is called. */
export interface Transport {
  send(bytes: Uint8Array<ArrayBuffer>): void
  /** Tells how many serial bytes the terminal has taken in. The relay sends more only for these. */
  consumed(bytes: number): void
  /** Sends a message to the relay. On a direct line it goes nowhere. */
  tell(message: ViewerMessage): void
  /** Asks the relay to try its lost line now. Absent where nobody can be asked. */
  retry?(): void
  close(): void
}

/** The relay's messages. Each comes at its place between the bytes. */
export type RelayEvent =
  /** `lostBytes`: what came after our last byte and is no longer kept. Null when the session is a new one. */
  | { type: 'joined'; session: string; may: ViewerMay; replayFrom: number; lostBytes: number | null }
  | { type: 'gap'; lostBytes: number }
  | { type: 'seam'; awayMs: number }
  | { type: 'line-lost'; failure: Failure; retryInMs: number }
  /** `failure`: why the try before this one failed. Null: the line was never lost. */
  | { type: 'line-opening'; failure: Failure | null }
  | { type: 'viewers'; you: string; viewers: Viewer[] }
  | { type: 'not-sent'; why: NotSent }
  | { type: 'recording'; on: boolean; mayChange: boolean }
  | { type: 'warning'; limit: 'idle-limit' | 'time-limit'; endsInMs: number | null }

/** The first byte that we do not have, and its session. */
export interface ResumePoint {
  session: string
  offset: number
}

export interface TransportHandlers {
  /** The gateway accepted the connection, but maybe not yet us. `spoke`: the line has sent bytes already. */
  onOpen(spoke: boolean): void
  /** `muted`: the bytes are replayed history, which the terminal must not answer. */
  onBytes(bytes: Uint8Array, muted: boolean): void
  onRelay(event: RelayEvent): void
  onFailed(failure: Failure): void
}

export type OpenTransport = (
  issued: IssuedConsole,
  from: ResumePoint | null,
  handlers: TransportHandlers,
) => Transport
