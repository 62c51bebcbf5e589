import * as z from 'zod/mini'
import { Failure } from './cause.ts'

/**
 * The relay's protocol. Binary frames are serial bytes, both ways; text frames are JSON control messages.
 * Offsets are absolute counts of serial bytes from the gateway since the session began.
 */
export const RELAY_SUBPROTOCOL = 'bms-console.v1'

/**
 * Offered beside it by an embedded page, which has no cookie: the bearer follows the prefix. A WebSocket's URL would
 * be kept in logs, and a browser lets a page set no other header of an upgrade.
 */
export const BEARER_SUBPROTOCOL = 'bms-console.bearer.'

const offset = () => z.number().check(z.int(), z.gte(0))

export const ViewerMessage = z.discriminatedUnion('type', [
  /** Must come first. The ticket is not in the URL, where logs and referrers would keep it. */
  z.object({
    type: z.literal('resume'),
    ticket: z.string(),
    /** A secret of this browser tab: after a reload or a lost network it is the same viewer, with the same rights. */
    client: z.string().check(z.regex(/^[\w-]{16,64}$/)),
    /** The first byte that the viewer does not have; null: all that is kept. */
    offset: z.nullable(offset()),
  }),
  /** Flow control by credit: all bytes below `offset` were taken in. */
  z.object({ type: z.literal('ack'), offset: offset() }),
  /** The keyboard: take it from whoever has it, let it go, give it to another viewer. */
  z.object({ type: z.literal('take') }),
  z.object({ type: z.literal('release') }),
  z.object({ type: z.literal('hand'), viewer: z.string() }),
  /** The owner, or who may end what others opened, ends the session for all. */
  z.object({ type: z.literal('end') }),
  /** Starts or stops the recording, where policy leaves it to the viewers. */
  z.object({ type: z.literal('record'), on: z.boolean() }),
  /** The answer to a warning: the limit starts anew. */
  z.object({ type: z.literal('stay') }),
])
export type ViewerMessage = z.infer<typeof ViewerMessage>

export const Viewer = z.object({
  id: z.string(),
  /** The person's, who may have a namesake. */
  name: z.string(),
  /** The person's, counted in the order in which they came: several tabs of one person have the same. */
  number: z.number(),
  /** Which of the person's tabs it is, counted likewise. */
  tab: z.number(),
  /** May have the keyboard. */
  mayWrite: z.boolean(),
  role: z.enum(['writer', 'viewer']),
  /** Opened the session, and may end it for all. */
  owner: z.boolean(),
})
export type Viewer = z.infer<typeof Viewer>

/** What this viewer may do beside watching. */
export const ViewerMay = z.object({
  write: z.boolean(),
  record: z.boolean(),
  /** End for all what another opened */
  end: z.boolean(),
})
export type ViewerMay = z.infer<typeof ViewerMay>

/** Why keys of a viewer were not sent: another has the keyboard, it may not have it at all, or the line is down. */
export const NotSent = z.enum(['not-writer', 'may-not-write', 'line-down'])
export type NotSent = z.infer<typeof NotSent>

/** The gateway's socket. `open` is the 101, which says nothing yet about token or Origin. */
export const LineState = z.discriminatedUnion('gateway', [
  z.object({ type: z.literal('state'), gateway: z.literal('opening') }),
  z.object({ type: z.literal('state'), gateway: z.literal('open') }),
  /** The relay itself asks for a new URL and goes on. */
  z.object({ type: z.literal('state'), gateway: z.literal('lost'), failure: Failure, retryInMs: z.number() }),
])
export type LineState = z.infer<typeof LineState>

export const RelayMessage = z.union([
  LineState,
  z.discriminatedUnion('type', [
    /**
     * `replayFrom..offset` is sent next as history; answers of the terminal to it must be muted until `live`. A
     * `replayFrom` above the offset that was asked for: what lies between is no longer kept.
     */
    z.object({
      type: z.literal('hello'),
      session: z.string(),
      offset: offset(),
      replayFrom: offset(),
      /** The viewer acknowledges at least this often: a reader that keeps up never waits for credit. */
      ackBytes: offset(),
      /** The viewer's own id. */
      you: z.string(),
      may: ViewerMay,
    }),
    z.object({ type: z.literal('live') }),
    /** Bytes that this viewer was too slow for: the next byte is so many further on. */
    z.object({ type: z.literal('gap'), lostBytes: offset() }),
    /** Here in the stream the line was away for so long: what the machine said meanwhile nobody heard. */
    z.object({ type: z.literal('seam'), awayMs: z.number() }),
    z.object({ type: z.literal('viewers'), viewers: z.array(Viewer) }),
    z.object({ type: z.literal('not-sent'), why: NotSent }),
    /** The session ends soon unless somebody says `stay`. `endsInMs` is null when the danger is over. */
    z.object({
      type: z.literal('warning'),
      limit: z.enum(['idle-limit', 'time-limit']),
      endsInMs: z.nullable(z.number()),
    }),
    /** Whether what this line says is being recorded, and whether that is the viewers' choice. */
    z.object({ type: z.literal('recording'), on: z.boolean(), mayChange: z.boolean() }),
    /** The last message before the relay closes the socket. */
    z.object({ type: z.literal('closing'), failure: Failure }),
  ]),
])
export type RelayMessage = z.infer<typeof RelayMessage>
