import type { IssuedConsole } from '../../../shared/api.ts'
import type { Failure } from '../../../shared/cause.ts'
import type {
  Dropped,
  LineMark,
  ResumePoint,
  StreamClaim,
  Viewer,
  ViewerMay,
  ViewerMessage,
  WhySeam,
} from '../../../shared/relay-protocol.ts'
import type { TerminalSize } from '../../../shared/terminal-size.ts'
import type { JoinedInput } from '../session/input-ledger.ts'

/** One open line. After `close` none of the handlers is called. */
export interface Transport {
  /** @returns whether the bytes went into an open socket */
  send(bytes: Uint8Array<ArrayBuffer>): boolean
  /** Sends what the terminal says by itself. Nobody counts it as typed. */
  answer(text: string): void
  /** Tells how many serial bytes the terminal has taken in. The relay sends more only for these. */
  consumed(bytes: number): void
  /** Sends a message to the relay. On a direct line it goes nowhere. */
  tell(message: ViewerMessage): void
  /** This page's own terminal has another size. On a direct line nobody hears of it. */
  resized(size: TerminalSize): void
  /** Asks the relay to try its lost line now. Absent where nobody can be asked. */
  retry?(): void
  close(): void
}

/** The relay's messages. Each comes at its place between the bytes. */
export type RelayEvent =
  /** `lostBytes`: what came after our last byte and is no longer kept. Null when nothing goes on where we were. */
  | ({
      type: 'joined'
      may: ViewerMay
      replayFrom: number
      lostBytes: number | null
      /** The line's log has what the session says, by the same offsets. */
      inLog?: boolean
    } & Follows &
      JoinedInput)
  | { type: 'gap'; lostBytes: number }
  /** `page-away`: this tab shows again what it had seen on a direct line. */
  | { type: 'seam'; why: WhySeam | 'page-away'; awayMs: number | null }
  /** When the server heard the bytes that came before. The first stretch is absolute, each other tells the difference. */
  | { type: 'times'; now: number; stretches: readonly (readonly [number, number])[] }
  | { type: 'line-lost'; failure: Failure; retryInMs: number }
  /** `failure`: why the try before this one failed. Null: the line was never lost. */
  | { type: 'line-opening'; failure: Failure | null }
  /** The size of the session's terminals; null: nobody has told one. A relay that knows of no sizes tells none. */
  | { type: 'size'; size: TerminalSize | null }
  /** The lines that people have marked. Older relays tell none. */
  | { type: 'marks'; marks: LineMark[] }
  | { type: 'viewers'; you: string; viewers: Viewer[] }
  /** All typed bytes whose numbers are below `upTo`, and which were not dropped, are at the gateway. */
  | { type: 'taken'; upTo: number }
  | ({ type: 'dropped' } & Dropped)
  | { type: 'recording'; on: boolean; mayChange: boolean }
  | { type: 'warning'; limit: 'idle-limit' | 'time-limit'; endsInMs: number | null }

/** Where both directions go on. */
export interface Resume {
  output: OutputPoint | null
  input: StreamClaim
  /** What the page load before this one typed. */
  before: StreamClaim | null
  /** How large this page's own terminal is */
  size: TerminalSize
}

/** How a session goes on from an earlier one */
interface Follows {
  /** Where the session's own output begins */
  began: number
  /** The earlier session */
  follows: string | null
}

/** How far the page is in a session's output */
export type OutputPoint = ResumePoint & Follows

export interface TransportHandlers {
  /**
   * The gateway accepted the connection, but maybe not yet us. `spoke`: the line has sent bytes already.
   * @param line the relay's number for it; null: it is a direct one
   */
  onOpen(spoke: boolean, line: number | null): void
  /**
   * @param muted the bytes are replayed history, which the terminal must not answer
   * @param heardAt when this page heard them, epoch ms; without it, now, or the relay tells
   */
  onBytes(bytes: Uint8Array, muted: boolean, heardAt?: number): void
  onRelay(event: RelayEvent): void
  /**
   * The socket is open, but the network passes nothing.
   * @param forMs for how long; null: it does again
   */
  onSilent(forMs: number | null): void
  onFailed(failure: Failure): void
}

/** What a tab saw of a direct line. Nobody else keeps it. */
export interface SeenOutput {
  showAgain(handlers: Pick<TransportHandlers, 'onBytes' | 'onRelay'>): void
  /** @param bytes nobody may write to them any more */
  heard(bytes: Uint8Array): void
  lost(): void
}

export type OpenTransport = (issued: IssuedConsole, resume: Resume, handlers: TransportHandlers) => Transport
