import * as z from 'zod/mini'
import { Failure } from './cause.ts'

/** A cloud's id of a job. Like a server's, it goes into the path of a request to the cloud, so anything else is refused. */
export const JobId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'not a job id'))

/** The cloud has accepted a power action, which takes longer. */
export const PowerAccepted = z.object({
  /** What to ask for its end. null: the cloud has no jobs, so only the server's own state tells. */
  job: z.nullable(JobId),
})
export type PowerAccepted = z.infer<typeof PowerAccepted>

/** How far a job is, for one server. */
export const PowerProgress = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running') }),
  z.object({ state: z.literal('done') }),
  z.object({ state: z.literal('failed'), failure: Failure }),
])
export type PowerProgress = z.infer<typeof PowerProgress>

/** What a cloud makes of power actions, besides what they are called. */
export const PowerTraits = z.object({
  /** Every reboot and every power-off is forced: no operating system is asked, whatever the action is called. */
  forced: z.boolean(),
  /** Its servers can be sent an NMI. */
  nmi: z.boolean(),
})
export type PowerTraits = z.infer<typeof PowerTraits>
