import { z } from 'zod'
import { LogMark } from '../../../shared/line-log.ts'
import { ProjectRef, ServerId } from '../../../shared/server.ts'

// What replicas tell each other of the logs that they keep. Both ends parse it.

const Offset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
/** Epoch ms */
const Time = z.number().min(0)

const Line = z.object({
  server: z.object({ id: ServerId, name: z.string() }),
  project: z.nullable(ProjectRef),
})

/** The most bytes of a log in one answer */
export const MOST_READ = 1024 * 1024
/** About so many marks are in one answer. */
export const MOST_MARKS = 2_000
/** Times are asked for by blocks of a log. */
export const TIMES_BLOCK = 64 * 1024

/** Names a store for good; null: it has no name. */
const StoreName = z.nullable(z.string())

export const KeptLines = z.object({ store: StoreName, lines: z.array(Line) })

export const KeptLog = z.object({
  store: StoreName,
  /** null: it knows nothing of the line. */
  log: z.nullable(
    z.object({
      line: Line,
      end: Offset,
      marksAtEnd: z.number(),
      stretches: z.array(z.object({ from: Offset, to: Offset })),
    }),
  ),
})
export type KeptLog = z.infer<typeof KeptLog>

const Mark = z.object({ at: Offset, time: Time, mark: LogMark })

export const KeptMarks = z.object({
  /** A newer version may know others. */
  marks: z.array(z.unknown()).transform((marks) => marks.flatMap((mark) => Mark.safeParse(mark).data ?? [])),
  /** The others are at this offset or later; null: there are no others. */
  next: z.nullable(Offset),
})

export const KeptTimes = z.object({ times: z.array(z.object({ at: Offset, time: Time })) })

export const KeptOffset = z.object({ offset: Offset })

/** A header that tells the offset of the first byte */
export const AT_HEADER = 'x-log-offset'

const Asked = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
export const BytesQuery = z.object({ from: Asked, most: Asked.max(MOST_READ) })
export const RangeQuery = z.object({ from: Asked, to: Asked })
export const TimeQuery = z.object({ time: z.coerce.number().min(0) })

const base = '/internal/logs'
export const peerPaths = {
  lines: base,
  log: (id: string) => `${base}/${id}`,
  bytes: (id: string, { from, most }: z.infer<typeof BytesQuery>) =>
    `${base}/${id}/bytes?from=${from}&most=${most}`,
  marks: (id: string, { from, to }: z.infer<typeof RangeQuery>) =>
    `${base}/${id}/marks?from=${from}&to=${to}`,
  times: (id: string, { from, to }: z.infer<typeof RangeQuery>) =>
    `${base}/${id}/times?from=${from}&to=${to}`,
  offset: (id: string, time: number) => `${base}/${id}/offset?time=${Math.max(0, time)}`,
}
