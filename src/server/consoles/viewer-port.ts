import type { Cause } from '../../shared/cause.ts'
import type { RelayMessage, ViewerMessage } from '../../shared/relay-protocol.ts'

/** A viewer's connection, as the session uses it. */
export interface ViewerPort {
  /** @param sent called when the bytes have left this process */
  send(bytes: Buffer, sent: () => void): void
  notify(message: RelayMessage): void
  readonly bufferedBytes: number
  /** Says goodbye. What the viewer still sends is read and dropped, so that it can answer. */
  close(): void
}

/** One attached viewer, for the code that owns its connection. */
export interface AttachedViewer {
  input(bytes: Buffer): void
  message(message: Exclude<ViewerMessage, { type: 'resume' }>): void
  /** @param cause why the viewer was sent away; its keyboard is then free at once */
  left(cause?: Cause): void
}
