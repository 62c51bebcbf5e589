import * as z from 'zod/mini'

/**
 * A line is the serial port of one server. Its log is all that it has said, by absolute offsets: counts of serial bytes
 * that go on across sessions, restarts and days.
 *
 * A mark is what the log knows besides bytes, at a place between two of them.
 */
export const LogMark = z.discriminatedUnion('kind', [
  /** Nobody listened for so long; null: nobody knows how long. */
  z.object({
    kind: z.literal('seam'),
    why: z.enum(['line-lost', 'not-watched', 'restarted']),
    awayMs: z.nullable(z.number()),
  }),
  /** So many bytes came from here on and were not kept, since the disk was full or too slow. Offsets count them. */
  z.object({ kind: z.literal('gap'), lostBytes: z.number() }),
  /** The firmware or the kernel began anew. */
  z.object({ kind: z.literal('boot') }),
  /** A person did this to the server's power. */
  z.object({ kind: z.literal('power'), action: z.string(), by: z.string() }),
])
export type LogMark = z.infer<typeof LogMark>
