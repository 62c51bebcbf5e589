import * as z from 'zod/mini'
import { Failure } from './cause.ts'

/**
 * The relay's protocol. Binary frames are serial bytes, both ways; text frames are JSON control messages.
 * Offsets are absolute counts of serial bytes from the gateway since the session began.
 */
export const RELAY_SUBPROTOCOL = 'bms-console.v1'

/**
 * An embedded page has no cookie, so it offers its bearer as a second subprotocol, after this prefix. Logs would keep a
 * bearer in the URL, and a browser lets a page set no other header of an upgrade.
 */
export const BEARER_SUBPROTOCOL = 'bms-console.bearer.'

const offset = () => z.number().check(z.int(), z.gte(0))

export const ViewerMessage = z.discriminatedUnion('type', [
  /** Must come first. It carries the ticket, because logs and referrers would keep one in the URL. */
  z.object({
    type: z.literal('resume'),
    ticket: z.string(),
    /** A secret of this browser tab. It makes the tab the same viewer after a reload or a lost network. */
    client: z.string().check(z.regex(/^[\w-]{16,64}$/)),
    /** The first byte that the viewer lacks; null: send all that is kept */
    offset: z.nullable(offset()),
  }),
  /** Flow control by credit: the viewer has processed all bytes below `offset`. */
  z.object({ type: z.literal('ack'), offset: offset() }),
  /** The keyboard: take it from the current writer, release it, or hand it to another viewer. */
  z.object({ type: z.literal('take') }),
  z.object({ type: z.literal('release') }),
  z.object({ type: z.literal('hand'), viewer: z.string() }),
  /** Ends the session for all. Its owner may if they may write, and users who may end the sessions of others. */
  z.object({ type: z.literal('end') }),
  /** Starts or stops the recording, if viewers may decide that. */
  z.object({ type: z.literal('record'), on: z.boolean() }),
  /** Answers a warning: the limit starts again. */
  z.object({ type: z.literal('stay') }),
])
export type ViewerMessage = z.infer<typeof ViewerMessage>

export const Viewer = z.object({
  id: z.string(),
  /** The person's name; two people may share one */
  name: z.string(),
  /** Numbers the people in the order in which they came. All tabs of one person have the same number. */
  number: z.number(),
  /** Numbers the person's tabs in the same way */
  tab: z.number(),
  /** May take the keyboard */
  mayWrite: z.boolean(),
  role: z.enum(['writer', 'viewer']),
  /** Opened the session, and may end it for all if it may write */
  owner: z.boolean(),
})
export type Viewer = z.infer<typeof Viewer>

/** What this viewer may do besides watching. */
export const ViewerMay = z.object({
  write: z.boolean(),
  record: z.boolean(),
  /** End a session that somebody else opened */
  end: z.boolean(),
})
export type ViewerMay = z.infer<typeof ViewerMay>

/**
 * Why a viewer's keys were not sent: another viewer is the writer, this one may not write, the line is down, or too much
 * waits for the gateway already. It is told once, until something changes.
 */
export const NotSent = z.enum(['not-writer', 'may-not-write', 'line-down', 'line-busy'])
export type NotSent = z.infer<typeof NotSent>

/** The gateway's socket. `open` means the 101, and a gateway checks token and Origin only after that. */
export const LineState = z.discriminatedUnion('gateway', [
  z.object({
    type: z.literal('state'),
    gateway: z.literal('opening'),
    /** Counts the tries to bring the line back. 0: it was never lost. */
    attempt: z.number().check(z.int(), z.gte(0)),
    /** Why the try before this one failed, or the line was lost. It is null only for the first. */
    failure: z.nullable(Failure),
  }),
  z.object({ type: z.literal('state'), gateway: z.literal('open') }),
  /** The relay asks for a new URL by itself and goes on. The failure is that of the last try. */
  z.object({ type: z.literal('state'), gateway: z.literal('lost'), failure: Failure, retryInMs: z.number() }),
])
export type LineState = z.infer<typeof LineState>

export const RelayMessage = z.union([
  LineState,
  z.discriminatedUnion('type', [
    /**
     * The bytes `replayFrom..offset` follow as history. The terminal's answers to them must be muted until `live`. If
     * `replayFrom` is above the requested offset, the relay no longer keeps the bytes between.
     */
    z.object({
      type: z.literal('hello'),
      session: z.string(),
      offset: offset(),
      replayFrom: offset(),
      /** The viewer acknowledges at least this often, so that one that keeps up never waits for credit. */
      ackBytes: offset(),
      /** The viewer's own id */
      you: z.string(),
      may: ViewerMay,
    }),
    z.object({ type: z.literal('live') }),
    /** This viewer was too slow, so the relay skipped so many bytes. */
    z.object({ type: z.literal('gap'), lostBytes: offset() }),
    /** At this point of the stream the line was lost for so long. Nobody received what the machine printed then. */
    z.object({ type: z.literal('seam'), awayMs: z.number() }),
    z.object({ type: z.literal('viewers'), viewers: z.array(Viewer) }),
    z.object({ type: z.literal('not-sent'), why: NotSent }),
    /** The session ends soon unless a viewer says `stay`. `endsInMs` is null when that has passed. */
    z.object({
      type: z.literal('warning'),
      limit: z.enum(['idle-limit', 'time-limit']),
      endsInMs: z.nullable(z.number()),
    }),
    /** Whether this line is being recorded, and whether viewers may change that. */
    z.object({ type: z.literal('recording'), on: z.boolean(), mayChange: z.boolean() }),
    /** The last message before the relay closes the socket. */
    z.object({ type: z.literal('closing'), failure: Failure }),
  ]),
])
export type RelayMessage = z.infer<typeof RelayMessage>
