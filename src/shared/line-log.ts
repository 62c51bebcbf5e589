import * as z from 'zod/mini'
import { WhySeam } from './relay-protocol.ts'
import { TerminalSize } from './terminal-size.ts'

const offset = () => z.number().check(z.int(), z.gte(0))

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
  /**
   * So many bytes came from here on and were not kept, since the disk was full or too slow. Offsets count them. `away`:
   * another replica may have them, and does not answer.
   */
  z.object({ kind: z.literal('gap'), lostBytes: z.number(), away: z.optional(z.boolean()) }),
  /** The firmware or the kernel began anew. */
  z.object({ kind: z.literal('boot') }),
  /** A person did this to the server's power. */
  z.object({ kind: z.literal('power'), action: z.string(), by: z.string() }),
  /** From about here on the terminals on the line had this size: from the end of the line that was being printed. */
  z.extend(TerminalSize, { kind: z.literal('size') }),
  /** A person marked the line that begins at the offset `line`, for all who see the console or its history. */
  z.object({
    kind: z.literal('note'),
    id: z.string(),
    line: offset(),
    text: z.string(),
    by: z.string(),
  }),
  /** A person took that away. */
  z.object({ kind: z.literal('note-gone'), id: z.string(), by: z.string() }),
])
export type LogMark = z.infer<typeof LogMark>

/** A line of plain text */
const LogLine = z.object({
  type: z.literal('line'),
  /** Where its text begins */
  offset: offset(),
  /** Where it ended; null: it has not, so what follows may change it. */
  end: z.nullable(offset()),
  /** ISO 8601, to about a second */
  time: z.string(),
  text: z.string(),
})

const ShownMark = z.object({ type: z.literal('mark'), offset: offset(), time: z.string(), mark: LogMark })

/** One row of a log, and one line of the stream that follows it */
export const LogRow = z.discriminatedUnion('type', [LogLine, ShownMark])
export type LogRow = z.infer<typeof LogRow>

/** A part of a line's log. A cursor is an offset. */
export const LogPage = z.object({
  /** In order. Lines that have not ended are the last. */
  rows: z.array(LogRow),
  /** The cursor of the page before; null: nothing before it is kept. */
  before: z.nullable(offset()),
  /** The cursor of the page after. Rows here that are not before it come again there: they may still change. */
  after: offset(),
  /** The page has the newest row. */
  atEnd: z.boolean(),
})
export type LogPage = z.infer<typeof LogPage>

/** How a boot ended, as its kernel said. null: it has not ended, or without a word. */
const BootEnding = z.nullable(z.enum(['panic', 'restart', 'power-off']))

const LogBoot = z.object({ offset: offset(), time: z.string(), ended: BootEnding })

export const LogSummary = z.object({
  /** The oldest offset that is kept, and the one after the newest */
  start: offset(),
  end: offset(),
  /** When the oldest and the newest byte came; null: nothing is kept. */
  firstTime: z.nullable(z.string()),
  lastTime: z.nullable(z.string()),
  /** The newest 100, newest first */
  boots: z.array(LogBoot),
  /** The log is still searched for older boots. The next question gets more. */
  moreBoots: z.boolean(),
  /** The newest 200, newest first */
  marks: z.array(ShownMark),
  /** A replica that may have a part of it does not answer. */
  away: z.optional(z.boolean()),
})
export type LogSummary = z.infer<typeof LogSummary>

/** Where a page of the log begins or ends. */
export interface LogPlace {
  /** `last`, or 2 for the one before it, and so on */
  boot?: string | undefined
  from?: number | undefined
  before?: number | undefined
  limit?: number | undefined
}
