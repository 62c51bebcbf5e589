import * as z from 'zod/mini'
import { Cause } from './cause.ts'

const Person = z.nullable(z.object({ id: z.string(), name: z.string() }))

/** How a visit to a console ended, or why it did not begin. */
export const VisitEnd = z.discriminatedUnion('how', [
  z.object({ how: z.literal('open') }),
  /** The visitor left. */
  z.object({ how: z.literal('left'), durationMs: z.number() }),
  /** It was ended: by a limit, by somebody else, by a lost sign-in. */
  z.object({ how: z.literal('ended'), durationMs: z.number(), cause: Cause }),
  /** BMS Console ended without a word, so nobody wrote down how long it was. */
  z.object({ how: z.literal('unseen') }),
  /** The browser got the gateway's link. What followed was between the two. */
  z.object({ how: z.literal('direct') }),
  z.object({ how: z.enum(['refused', 'failed']), cause: z.nullable(Cause) }),
])
export type VisitEnd = z.infer<typeof VisitEnd>

/** One person at a server's console, once. */
export const ConsoleVisit = z.object({
  user: Person,
  /** ISO 8601; of refusals that were counted together, the last one */
  began: z.string(),
  end: VisitEnd,
  /** Absent: nobody wrote it down, or it is not over. */
  keyboard: z.optional(z.enum(['writer', 'reader'])),
  /** Refusals that were counted together */
  count: z.number(),
})
export type ConsoleVisit = z.infer<typeof ConsoleVisit>

/** A person asked the cloud to switch the server. */
export const PowerEvent = z.object({
  user: Person,
  /** ISO 8601 */
  time: z.string(),
  /** A power action; null: it was refused before it was read */
  action: z.nullable(z.string()),
  outcome: z.enum(['accepted', 'refused', 'failed']),
  cause: z.nullable(Cause),
  count: z.number(),
})
export type PowerEvent = z.infer<typeof PowerEvent>

export const ServerActivity = z.object({
  /** The session that is open now */
  open: z.nullable(
    z.object({
      /** For so long */
      openMs: z.number(),
      /** It is held open with nobody there, too. */
      watched: z.boolean(),
      viewers: z.array(z.object({ name: z.string(), writer: z.boolean(), hereMs: z.number() })),
    }),
  ),
  /** Newest first */
  visits: z.array(ConsoleVisit),
  moreVisits: z.boolean(),
  power: z.array(PowerEvent),
  morePower: z.boolean(),
  /** `memory`: only the last 5,000 events since the start are there. null: nobody writes anything down. */
  kept: z.nullable(z.enum(['memory', 'file'])),
  /** False: the search ran out of time, and older events were not looked at. */
  complete: z.boolean(),
  /** So many events are missing among what was looked at, of this server or of others. */
  lost: z.number(),
  /** A replica that may have more does not answer. */
  away: z.optional(z.boolean()),
})
export type ServerActivity = z.infer<typeof ServerActivity>
