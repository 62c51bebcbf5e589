import * as z from 'zod/mini'
import { WhySeam } from './relay-protocol.ts'

/**
 * A line is the serial port of one server. Its log is all that it has said, by absolute offsets: counts of serial bytes
 * that go on across sessions, restarts and days.
 *
 * A mark is what the log knows besides bytes, at a place between two of them.
 */
export const LogMark = z.discriminatedUnion('kind', [
  /**
   * The session has the line here. It says so when it begins, now and then, and when it ends. Pages know their offsets by
   * the session's id. `restarting`: it ends because BMS Console does.
   */
  z.object({
    kind: z.literal('session'),
    id: z.string(),
    state: z.enum(['on', 'ended', 'restarting']),
  }),
  /** Nobody listened for so long; null: nobody knows how long. */
  z.object({ kind: z.literal('seam'), why: WhySeam, awayMs: z.nullable(z.number()) }),
  /** So many bytes came from here on and were not kept, since the disk was full or too slow. Offsets count them. */
  z.object({ kind: z.literal('gap'), lostBytes: z.number() }),
  /** The firmware or the kernel began anew. */
  z.object({ kind: z.literal('boot') }),
  /** A person did this to the server's power. */
  z.object({ kind: z.literal('power'), action: z.string(), by: z.string() }),
])
export type LogMark = z.infer<typeof LogMark>
