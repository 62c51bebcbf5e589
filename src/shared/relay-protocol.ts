import * as z from 'zod/mini'
import { Failure } from './cause.ts'
import { TerminalSize } from './terminal-size.ts'

/**
 * The relay's protocol. Binary frames are serial bytes, both ways; text frames are JSON control messages.
 *
 * Output has offsets: absolute counts of serial bytes. They go on from one session of a line to the next where the line's
 * log outlives them, else each session begins at 0.
 *
 * Input has numbers. A page load opens a stream with a random name and numbers the bytes that a person types on it: 0, 1,
 * 2 and so on. Frames carry no number. The first one after `hello` begins at `hello.input.next`, and each goes on where the
 * last one ended. Every number gets one fate: `taken` or `dropped`. The streams belong to the line and not to a
 * connection, so a page that comes back learns what became of each byte.
 */
export const RELAY_SUBPROTOCOL = 'bms-console.v2'

/** Pages of this version are told to reload, with the one `closing` message that they understand. */
export const OUTDATED_SUBPROTOCOL = 'bms-console.v1'

/** How many bytes of a stream may be under way without a fate. The relay closes a viewer that exceeds it. */
export const INPUT_WINDOW = 16 * 1024

/** An `answer` is no longer than this, in characters. */
export const MAX_ANSWER = 256

/** A session has at most so many marks, with texts of so many characters. */
export const MAX_MARKS = 100
export const MAX_MARK_TEXT = 200

/** `hello` names at most so many dropped ranges of a stream. */
export const MAX_DROPPED = 64

/**
 * An embedded page has no cookie, so it offers its bearer as a second subprotocol, after this prefix. Logs would keep a
 * bearer in the URL, and a browser lets a page set no other header of an upgrade.
 */
export const BEARER_SUBPROTOCOL = 'bms-console.bearer.'

const offset = () => z.number().check(z.int(), z.gte(0))

/** A page's view of a stream, when it comes back. */
export const StreamClaim = z.object({
  /** Random, and a secret of the page load that opened it */
  stream: z.string().check(z.regex(/^[\w-]{16,64}$/)),
  /** The page has heard what became of every number below. The relay tells it of the others. */
  known: offset().check(z.lte(2 ** 48)),
})
export type StreamClaim = z.infer<typeof StreamClaim>

/** The first byte that a viewer does not have, and the session in which it counted. */
export const ResumePoint = z.object({ session: z.string().check(z.maxLength(100)), offset: offset() })
export type ResumePoint = z.infer<typeof ResumePoint>

export const ViewerMessage = z.discriminatedUnion('type', [
  /** Must come first. It carries the ticket, because logs and referrers would keep one in the URL. */
  z.object({
    type: z.literal('resume'),
    ticket: z.string(),
    /** A secret of this browser tab. It makes the tab the same viewer after a reload or a lost network. */
    client: z.string().check(z.regex(/^[\w-]{16,64}$/)),
    /** The first byte that the viewer lacks; null: send all that is kept */
    offset: z.nullable(offset()),
    /**
     * What the viewer has is of another session, which may have left its output to this one. The first that this one
     * knows counts. The second is the one that the viewer's followed, should that have been killed before it left anything.
     */
    earlier: z.optional(z.array(ResumePoint).check(z.maxLength(2))),
    input: StreamClaim,
    /** The stream of this tab's page load before this one, after a reload */
    before: z.nullable(StreamClaim),
    /** Later additions to the protocol that this page knows. The relay uses no others. */
    knows: z.optional(z.array(z.string().check(z.maxLength(20))).check(z.maxLength(20))),
    /** How large this page's own terminal is. Absent: an older page, which does not know of sizes. */
    size: z.optional(TerminalSize),
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
  /**
   * What the terminal itself answers, e.g. to `ESC[6n`. Only the writer's goes to the machine; any other is dropped in
   * silence. It is no input: it has no number and no fate, and counts nowhere as typing. UTF-8 on the line.
   */
  z.object({ type: z.literal('answer'), text: z.string().check(z.maxLength(MAX_ANSWER)) }),
  /** The line is lost, and a person wants it tried now instead of later. */
  z.object({ type: z.literal('retry') }),
  /**
   * Answers each `state` that says `lost`. What the page sent before was meant for the line that is gone, and is dropped
   * as `never-sent`. What follows is for the next one.
   */
  z.object({ type: z.literal('heard') }),
  /**
   * This page's own terminal has another size. The writer's is that of all terminals on the line; another viewer's
   * counts once it has the keyboard. For a relay that told a `size` in `hello`.
   */
  z.extend(TerminalSize, { type: z.literal('size') }),
  /**
   * Marks the line that begins at this offset, in place of the mark that it has. Viewers who may type may, and so for
   * `unmark`. For pages that know `marks`.
   */
  z.object({ type: z.literal('mark'), at: offset(), text: z.string().check(z.maxLength(MAX_MARK_TEXT)) }),
  z.object({ type: z.literal('unmark'), id: z.string().check(z.maxLength(40)) }),
  /** Answers the relay's beat: see `beat.ts`. */
  z.object({ type: z.literal('beat') }),
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
 * Why bytes were not typed. Another viewer is the writer; this one may not write; the line was down when they came, or
 * took nothing for too long; the line was lost, or its session ended, before the gateway showed that it had read them.
 */
export const WhyDropped = z.enum(['not-writer', 'may-not-write', 'line-down', 'line-lost'])
export type WhyDropped = z.infer<typeof WhyDropped>

/** The numbers from `from` up to `to`, which is not among them. */
export const Dropped = z.object({
  from: offset(),
  to: offset(),
  why: WhyDropped,
  /** `never-sent`: no byte left the relay. `unknown`: they left it, and the machine may have got them or not. */
  fate: z.enum(['never-sent', 'unknown']),
})
export type Dropped = z.infer<typeof Dropped>

/** What the relay knows of a stream. */
export const StreamState = z.object({
  /** The number of the next byte that the relay wants. It has never seen this one, nor any above. */
  next: offset(),
  /** All below that were not dropped are taken. Those from here to `next` that were not dropped still wait for a fate. */
  proved: offset(),
  /**
   * What was dropped at or above the page's `known`, in order. Neighbours alike are one range. Where there are too many,
   * the oldest are joined with fate `unknown`, with what lies between them.
   */
  dropped: z.array(Dropped),
})
export type StreamState = z.infer<typeof StreamState>

/**
 * Why nobody listened for a while: the line was lost, the session had ended, or BMS Console was restarted while it had
 * the line.
 */
export const WhySeam = z.enum(['line-lost', 'not-watched', 'restarted'])
export type WhySeam = z.infer<typeof WhySeam>

/**
 * How the relay knows that the gateway has bytes. `pong`: the gateway answered a ping that was sent behind them, so it
 * has read them. `written`: they left the relay, and this gateway answers no pings.
 */
export const Proof = z.enum(['pong', 'written'])
export type Proof = z.infer<typeof Proof>

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
  z.object({
    type: z.literal('state'),
    gateway: z.literal('open'),
    /** Which of the session's connections to its gateway this is; the first is 1. */
    line: z.number(),
  }),
  /** The relay asks for a new URL by itself and goes on. The failure is that of the last try. */
  z.object({ type: z.literal('state'), gateway: z.literal('lost'), failure: Failure, retryInMs: z.number() }),
])
export type LineState = z.infer<typeof LineState>

/** An addition: when the output was heard. See `times`. */
export const TIMES = 'times'

/** An addition: the lines that people have marked. See `marks`. */
export const MARKS = 'marks'

/** A line that a person has marked */
const LineMark = z.object({
  id: z.string(),
  /** The offset at which the line begins */
  at: offset(),
  text: z.string(),
  /** The person's name */
  by: z.string(),
})
export type LineMark = z.infer<typeof LineMark>

/** A `times` names at most so many stretches. */
export const MAX_STRETCHES = 500

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
      /** Where this session's own output begins. What was before was kept of earlier ones. */
      began: z.optional(offset()),
      /** The earlier session whose output this one goes on from */
      follows: z.optional(z.string()),
      /** The viewer goes on with what it had, and lacks the bytes from here on. Absent: all is new to it. */
      goesOnAt: z.optional(offset()),
      /** Offsets are those of the line's log. Where they are not, the log does not have what this session says. */
      inLog: z.optional(z.boolean()),
      /** The viewer acknowledges at least this often, so that one that keeps up never waits for credit. */
      ackBytes: offset(),
      /** The viewer's own id */
      you: z.string(),
      may: ViewerMay,
      /**
       * The session's connection to its gateway, or the next one where that is lost; 0 before the first is open. Bytes
       * that wait in the page were meant for the line as it was, so the page sends them by itself only if this is still
       * the same.
       */
      line: z.number(),
      input: z.extend(StreamState, {
        window: offset(),
        /**
         * The relay did not know this stream, so it begins at the page's `known`. If the page has sent more on it before,
         * that went to another session or was forgotten, and what became of it is unknown.
         */
        isNew: z.boolean(),
      }),
      /** What became of the stream of the page load before; null: none was named, or the relay does not know it. */
      before: z.nullable(StreamState),
      /** The size of the session's terminals: the writer's. null: nobody has told one. Absent: an older relay. */
      size: z.optional(z.nullable(TerminalSize)),
    }),
    z.object({ type: z.literal('live') }),
    /** This viewer was too slow, so the relay skipped so many bytes. */
    z.object({ type: z.literal('gap'), lostBytes: offset() }),
    /**
     * Before this point of the stream nobody received for so long what the machine printed; null: nobody knows how long.
     */
    z.object({
      type: z.literal('seam'),
      why: z.optional(WhySeam),
      awayMs: z.nullable(z.number()),
    }),
    /**
     * When the server heard the bytes that came before this message, for pages that know `times`. A stretch reaches to
     * the next one, which may be in a later message. The first is an offset and epoch ms by the server's clock. Each
     * other tells by how much it differs from the one before. The clock may have been set back.
     */
    z.object({
      type: z.literal('times'),
      /** What the server's clock shows now, epoch ms. The page's own clock may be wrong. */
      now: z.number(),
      stretches: z.array(z.tuple([offset(), z.number()])).check(z.maxLength(MAX_STRETCHES)),
    }),
    z.object({ type: z.literal('viewers'), viewers: z.array(Viewer) }),
    /** All numbers below `upTo` that were not dropped have reached the gateway. */
    z.object({ type: z.literal('taken'), upTo: offset(), proof: Proof }),
    z.extend(Dropped, { type: z.literal('dropped') }),
    /** The session ends soon unless a viewer says `stay`. `endsInMs` is null when that has passed. */
    z.object({
      type: z.literal('warning'),
      limit: z.enum(['idle-limit', 'time-limit']),
      endsInMs: z.nullable(z.number()),
    }),
    /** The session's terminals have another size from here on. Only for pages that told theirs in `resume`. */
    z.object({ type: z.literal('size'), size: z.nullable(TerminalSize) }),
    /** All marks of the session, in the order of their lines. Only for pages that know `marks`. */
    z.object({ type: z.literal('marks'), marks: z.array(LineMark).check(z.maxLength(MAX_MARKS)) }),
    /** Whether this line is being recorded, and whether viewers may change that. */
    z.object({ type: z.literal('recording'), on: z.boolean(), mayChange: z.boolean() }),
    /** The page answers each one: see `beat.ts`. */
    z.object({ type: z.literal('beat') }),
    /** The last message before the relay closes the socket. */
    z.object({
      type: z.literal('closing'),
      failure: Failure,
      /**
       * The number of the next byte that the relay wanted. It has not seen this one, nor any above, and sends none of
       * them. Absent: it may, or it is older.
       */
      input: z.optional(offset()),
    }),
  ]),
])
export type RelayMessage = z.infer<typeof RelayMessage>

/** A page ignores messages of any other type: they may be additions that it does not know yet. */
const relayMessageTypes: Record<RelayMessage['type'], true> = {
  state: true,
  hello: true,
  live: true,
  gap: true,
  seam: true,
  times: true,
  viewers: true,
  taken: true,
  dropped: true,
  warning: true,
  recording: true,
  size: true,
  marks: true,
  beat: true,
  closing: true,
}

type ReadRelayMessage =
  | { kind: 'message'; message: RelayMessage }
  /** This page does not know its type. */
  | { kind: 'unknown' }
  | { kind: 'damaged' }

export function readRelayMessage(text: string): ReadRelayMessage {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { kind: 'damaged' }
  }
  const { data: message } = RelayMessage.safeParse(json)
  if (message) return { kind: 'message', message }
  const { data: typed } = z.object({ type: z.string() }).safeParse(json)
  return typed && !Object.hasOwn(relayMessageTypes, typed.type) ? { kind: 'unknown' } : { kind: 'damaged' }
}
