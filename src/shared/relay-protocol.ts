import * as z from 'zod/mini'
import { Failure } from './cause.ts'

/**
 * The relay's protocol. Binary frames are serial bytes, both ways; text frames are JSON control messages.
 * Offsets are absolute counts of serial bytes from the gateway since the session began.
 */
export const RELAY_SUBPROTOCOL = 'bms-console.v1'

/** How many serial bytes the relay may send ahead of the viewer's last `ack`. */
export const RELAY_WINDOW_BYTES = 2 * 1024 * 1024

/** A viewer acknowledges at least this often (bytes), so that the window never closes on a reader that keeps up. */
export const RELAY_ACK_BYTES = 256 * 1024

/** The first frame must be `resume` with the ticket: it is not in the URL, where logs and referrers would keep it. */
export const ViewerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resume'), ticket: z.string(), offset: z.number().check(z.int(), z.gte(0)) }),
  z.object({ type: z.literal('ack'), offset: z.number().check(z.int(), z.gte(0)) }),
])
export type ViewerMessage = z.infer<typeof ViewerMessage>

export const RelayMessage = z.discriminatedUnion('type', [
  /** `replayFrom..offset` is sent next as history; answers of the terminal to it must be muted until `live`. */
  z.object({ type: z.literal('hello'), session: z.string(), offset: z.number(), replayFrom: z.number() }),
  z.object({ type: z.literal('live') }),
  /** The gateway's socket: `open` is the 101, which says nothing yet about token or Origin. */
  z.object({ type: z.literal('state'), gateway: z.enum(['opening', 'open']) }),
  /** The last message before the relay closes the socket. */
  z.object({ type: z.literal('closing'), failure: Failure }),
])
export type RelayMessage = z.infer<typeof RelayMessage>
