import * as z from 'zod/mini'
import { Cause } from './cause.ts'
import { LogSearchEnded, LogSearchProgress } from './log-search.ts'
import { ProjectRef } from './server.ts'

/** Which consoles are recorded: none, those that a person asks for, or all. */
export const RecordingMode = z.enum(['off', 'on-demand', 'always'])
export type RecordingMode = z.infer<typeof RecordingMode>

/** A recording is named by a random id; nothing else can be part of a path. */
export const RecordingId = z.uuid()

/**
 * The state of a recording. `recording` is still running. `interrupted` was cut off when the server's process ended;
 * it holds what was written until then.
 */
export const RecordingState = z.enum(['recording', 'complete', 'size-limit', 'write-failed', 'interrupted'])
export type RecordingState = z.infer<typeof RecordingState>

/** Why a recording ended. The page has words for each, in every language. */
export const EndReason = z.discriminatedUnion('kind', [
  /** @property by the person's name */
  z.object({ kind: z.literal('stopped'), by: z.string() }),
  z.object({ kind: z.literal('session-ended'), cause: Cause }),
  /** The line is still held open. */
  z.object({ kind: z.literal('nobody-there') }),
  z.object({ kind: z.literal('shut-down') }),
  /** The process ended without a word. */
  z.object({ kind: z.literal('killed') }),
  z.object({ kind: z.literal('size-limit'), mib: z.number() }),
  /** @property code the system's, e.g. ENOSPC */
  z.object({ kind: z.literal('not-written'), code: z.string() }),
  z.object({ kind: z.literal('no-log') }),
  z.object({ kind: z.literal('typed-not-written'), code: z.string() }),
  z.object({ kind: z.literal('typed-lost'), bytes: z.number() }),
])
export type EndReason = z.infer<typeof EndReason>

export const RecordingInfo = z.object({
  id: RecordingId,
  serverId: z.string(),
  serverName: z.string(),
  /** The server's project. null: the cloud did not say, or the recording is from before projects were kept. */
  project: z._default(z.nullable(ProjectRef), null),
  sessionId: z.string(),
  /** A recording that was full, or that the disk did not take, goes on in a next part, from 2. */
  part: z._default(z.number(), 1),
  /** The user's name */
  startedBy: z.string(),
  /** The user's lasting id; null in recordings from before there was sign-in. */
  startedById: z._default(z.nullable(z.string()), null),
  /** ISO 8601 */
  startedAt: z.string(),
  endedAt: z.nullable(z.string()),
  /** Seconds */
  duration: z.number(),
  /** What it takes on disk: its range of the line's log, and its notes; or its file */
  bytes: z.number(),
  /** Serial bytes that came faster than the disk could take them */
  lostBytes: z.number(),
  state: RecordingState,
  /** Why it ended, in English words, which recordings from before `why` have alone. */
  reason: z.nullable(z.string()),
  /** null: it has not ended, or it is from before this was kept, or from a newer server that knows more reasons. */
  why: z.catch(z.nullable(EndReason), null),
})
export type RecordingInfo = z.infer<typeof RecordingInfo>

/** A line in which the searched text was printed, and when: plain text, without colours. It may be cut on both sides. */
export const RecordingMatch = z.object({
  /** Since the recording's begin */
  second: z.number(),
  before: z.string(),
  match: z.string(),
  after: z.string(),
})
export type RecordingMatch = z.infer<typeof RecordingMatch>

/** What a search in recordings tells, one JSON object a line. The last one is `end`, unless the connection was cut. */
export const RecordingSearchEvent = z.discriminatedUnion('type', [
  LogSearchProgress,
  z.extend(RecordingMatch, {
    type: z.literal('hit'),
    recording: z.object({ id: RecordingId, serverId: z.string(), serverName: z.string() }),
    /** The line's number from the recording's beginning */
    line: z.number(),
    /** When the line came, ISO 8601 */
    time: z.string(),
  }),
  LogSearchEnded,
])
export type RecordingSearchEvent = z.infer<typeof RecordingSearchEvent>

export const RecordingList = z.object({
  recordings: z.array(z.extend(RecordingInfo, { mayDelete: z.boolean() })),
  page: z.number(),
  hasMore: z.boolean(),
  /** Every server that has a recording, for the filter. */
  servers: z.array(z.object({ id: z.string(), name: z.string() })),
  /** A replica that may have more does not answer. */
  away: z.optional(z.boolean()),
})
export type RecordingList = z.infer<typeof RecordingList>

export const RecordingDetail = z.object({ recording: RecordingInfo, mayDelete: z.boolean() })
export type RecordingDetail = z.infer<typeof RecordingDetail>
