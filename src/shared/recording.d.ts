import * as z from 'zod/mini'
/** Whether consoles are recorded: never, when a person asks, or each one. */
export declare const RecordingMode: z.ZodMiniEnum<{
  always: 'always'
  off: 'off'
  'on-demand': 'on-demand'
}>
export type RecordingMode = z.infer<typeof RecordingMode>
/** A recording is named by a random id; nothing else can be part of a path. */
export declare const RecordingId: z.ZodMiniUUID
/**
 * How a recording stands. `recording` is under way; `interrupted` was cut by the end of the server's process
 * and holds what was written until then.
 */
export declare const RecordingState: z.ZodMiniEnum<{
  complete: 'complete'
  interrupted: 'interrupted'
  recording: 'recording'
  'size-limit': 'size-limit'
  'write-failed': 'write-failed'
}>
export type RecordingState = z.infer<typeof RecordingState>
export declare const RecordingInfo: z.ZodMiniObject<
  {
    id: z.ZodMiniUUID
    serverId: z.ZodMiniString<string>
    serverName: z.ZodMiniString<string>
    sessionId: z.ZodMiniString<string>
    startedBy: z.ZodMiniString<string>
    startedById: z.ZodMiniDefault<z.ZodMiniNullable<z.ZodMiniString<string>>>
    startedAt: z.ZodMiniString<string>
    endedAt: z.ZodMiniNullable<z.ZodMiniString<string>>
    duration: z.ZodMiniNumber<number>
    bytes: z.ZodMiniNumber<number>
    lostBytes: z.ZodMiniNumber<number>
    state: z.ZodMiniEnum<{
      complete: 'complete'
      interrupted: 'interrupted'
      recording: 'recording'
      'size-limit': 'size-limit'
      'write-failed': 'write-failed'
    }>
    reason: z.ZodMiniNullable<z.ZodMiniString<string>>
  },
  z.core.$strip
>
export type RecordingInfo = z.infer<typeof RecordingInfo>
/** Where the searched text was printed, and what was around it on the line. */
export declare const RecordingMatch: z.ZodMiniObject<
  {
    second: z.ZodMiniNumber<number>
    before: z.ZodMiniString<string>
    match: z.ZodMiniString<string>
    after: z.ZodMiniString<string>
  },
  z.core.$strip
>
export type RecordingMatch = z.infer<typeof RecordingMatch>
export declare const RecordingMatches: z.ZodMiniObject<
  {
    matches: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          second: z.ZodMiniNumber<number>
          before: z.ZodMiniString<string>
          match: z.ZodMiniString<string>
          after: z.ZodMiniString<string>
        },
        z.core.$strip
      >
    >
    more: z.ZodMiniBoolean<boolean>
  },
  z.core.$strip
>
export type RecordingMatches = z.infer<typeof RecordingMatches>
export declare const RecordingList: z.ZodMiniObject<
  {
    recordings: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          id: z.ZodMiniUUID
          serverId: z.ZodMiniString<string>
          serverName: z.ZodMiniString<string>
          sessionId: z.ZodMiniString<string>
          startedBy: z.ZodMiniString<string>
          startedById: z.ZodMiniDefault<z.ZodMiniNullable<z.ZodMiniString<string>>>
          startedAt: z.ZodMiniString<string>
          endedAt: z.ZodMiniNullable<z.ZodMiniString<string>>
          duration: z.ZodMiniNumber<number>
          bytes: z.ZodMiniNumber<number>
          lostBytes: z.ZodMiniNumber<number>
          state: z.ZodMiniEnum<{
            complete: 'complete'
            interrupted: 'interrupted'
            recording: 'recording'
            'size-limit': 'size-limit'
            'write-failed': 'write-failed'
          }>
          reason: z.ZodMiniNullable<z.ZodMiniString<string>>
          found: z.ZodMiniNullable<
            z.ZodMiniObject<
              {
                matches: z.ZodMiniArray<
                  z.ZodMiniObject<
                    {
                      second: z.ZodMiniNumber<number>
                      before: z.ZodMiniString<string>
                      match: z.ZodMiniString<string>
                      after: z.ZodMiniString<string>
                    },
                    z.core.$strip
                  >
                >
                more: z.ZodMiniBoolean<boolean>
              },
              z.core.$strip
            >
          >
        },
        z.core.$strip
      >
    >
    page: z.ZodMiniNumber<number>
    hasMore: z.ZodMiniBoolean<boolean>
    complete: z.ZodMiniBoolean<boolean>
    servers: z.ZodMiniArray<
      z.ZodMiniObject<
        {
          id: z.ZodMiniString<string>
          name: z.ZodMiniString<string>
        },
        z.core.$strip
      >
    >
    mayDelete: z.ZodMiniBoolean<boolean>
  },
  z.core.$strip
>
export type RecordingList = z.infer<typeof RecordingList>
export declare const RecordingDetail: z.ZodMiniObject<
  {
    recording: z.ZodMiniObject<
      {
        id: z.ZodMiniUUID
        serverId: z.ZodMiniString<string>
        serverName: z.ZodMiniString<string>
        sessionId: z.ZodMiniString<string>
        startedBy: z.ZodMiniString<string>
        startedById: z.ZodMiniDefault<z.ZodMiniNullable<z.ZodMiniString<string>>>
        startedAt: z.ZodMiniString<string>
        endedAt: z.ZodMiniNullable<z.ZodMiniString<string>>
        duration: z.ZodMiniNumber<number>
        bytes: z.ZodMiniNumber<number>
        lostBytes: z.ZodMiniNumber<number>
        state: z.ZodMiniEnum<{
          complete: 'complete'
          interrupted: 'interrupted'
          recording: 'recording'
          'size-limit': 'size-limit'
          'write-failed': 'write-failed'
        }>
        reason: z.ZodMiniNullable<z.ZodMiniString<string>>
      },
      z.core.$strip
    >
    mayDelete: z.ZodMiniBoolean<boolean>
  },
  z.core.$strip
>
export type RecordingDetail = z.infer<typeof RecordingDetail>
