import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** How long an id is used before a new one takes its place. */
const ROTATE_MS = 15 * 60_000
/** The id before stays good so long, for the requests that were under way with it. */
const OVERLAP_MS = 30_000

/** An id is the handle of its sign-in, and a secret of as many bytes. */
const HALF_BYTES = 16
const Id = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** A sign-in as it is in the store. Times are ms since the epoch. */
export const SignInRecord = z.object({
  userId: z.string(),
  begunAt: z.number(),
  /** When it ends whatever happens */
  endsAt: z.number(),
  /** When its user was last there */
  touchedAt: z.number(),
  /** Hash of the id that is in use */
  current: z.string(),
  currentSince: z.number(),
  /** Whether a request has come with the current id: only then is it sure that the browser has it. */
  confirmed: z.boolean(),
  /** Hash of the id before, and its end; null: until the current one is confirmed */
  previous: z.nullable(z.object({ hash: z.string(), until: z.nullable(z.number()) })),
  /** What the mode keeps, as its codec writes it */
  kept: z.string(),
})
export type SignInRecord = z.infer<typeof SignInRecord>

export type Limit = 'idle' | 'time-limit'

/** What a request with an id finds. `next` is to be written in the place of what was read; null: nothing changes. */
export type Found = { state: 'unknown' } | { state: 'found'; next: SignInRecord | null; newId: string | null }

export interface Seeing {
  handle: string
  id: string
  now: number
  /** Whether the user is there, and it is due to be written */
  touch: boolean
  /** Whether the answer can carry a new id */
  rotate: boolean
}

export const newHandle = () => randomBytes(HALF_BYTES).toString('base64url')

/** A new id of the sign-in with this handle */
export const newId = (handle: string) =>
  Buffer.concat([Buffer.from(handle, 'base64url'), randomBytes(HALF_BYTES)]).toString('base64url')

/** @returns null: it is no id */
export function handleOf(id: string): string | null {
  if (!Id.safeParse(id).success) return null
  return Buffer.from(id, 'base64url').subarray(0, HALF_BYTES).toString('base64url')
}

// Ids are compared by their hashes, so the time that it takes shows nothing about an id.
export const hashOf = (id: string) => createHash('sha256').update(id).digest('base64url')

/** The limit that ends it now. null: none does */
export function overBy(
  { endsAt, touchedAt }: Pick<SignInRecord, 'endsAt' | 'touchedAt'>,
  idleMs: number,
  now: number,
): Limit | null {
  if (now >= endsAt) return 'time-limit'
  return now >= touchedAt + idleMs ? 'idle' : null
}

/** A request has come with an id. The sign-in is within its limits. */
export function seen(record: SignInRecord, { handle, id, now, touch, rotate }: Seeing): Found {
  const hash = hashOf(id)
  const { previous } = record
  const isCurrent = hash === record.current
  if (!isCurrent && previous?.hash !== hash) return { state: 'unknown' }
  if (!isCurrent && previous && previous.until !== null && now >= previous.until) return { state: 'unknown' }
  let next = record
  if (touch) next = { ...next, touchedAt: now }
  if (isCurrent) next = confirmed(next, now)
  if (rotate && isDue(next, isCurrent, now)) {
    const given = newId(handle)
    return { state: 'found', next: rotated(next, given, now, null), newId: given }
  }
  return { state: 'found', next: next === record ? null : next, newId: null }
}

/** The browser has the current id. */
function confirmed(record: SignInRecord, now: number): SignInRecord {
  const { previous } = record
  const closing = previous !== null && previous.until === null
  if (record.confirmed && !closing) return record
  return {
    ...record,
    confirmed: true,
    previous: closing ? { ...previous, until: now + OVERLAP_MS } : previous,
  }
}

function isDue({ currentSince, confirmed, previous }: SignInRecord, isCurrent: boolean, now: number) {
  if (isCurrent) return now >= currentSince + ROTATE_MS
  // The answer with the new id was lost on its way. Without another, a bad network would sign the user out.
  return !confirmed && previous?.until === null && now >= currentSince + OVERLAP_MS
}

/** It has a new id, since its rights have changed. The old one is good for the requests under way only. */
export const renewed = (record: SignInRecord, id: string, now: number) =>
  rotated(record, id, now, now + OVERLAP_MS)

/** @param until how long the id that the browser has now stays good; null: until the new one is confirmed */
function rotated(record: SignInRecord, id: string, now: number, until: number | null): SignInRecord {
  const previous =
    record.confirmed || !record.previous
      ? { hash: record.current, until }
      : // Never confirmed: the browser still has the id before it.
        { ...record.previous, until }
  return { ...record, current: hashOf(id), currentSince: now, confirmed: false, previous }
}
