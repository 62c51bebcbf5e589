import { z } from 'zod'
import type { PowerProgress } from '../../../shared/power.ts'
import { jobFailure } from '../errors.ts'

/** "Starting BMSs", "Stopping BMSs", "Restarting BMSs" */
export const WireJob = z.object({ job_id: z.string() })

const text = () => z.string().nullish().catch(null)
const JobFacts = z.object({
  status: z.string(),
  error_code: text(),
  fail_reason: text(),
  /** Huawei Cloud documents these two as well, for an error. */
  code: text(),
  message: text(),
})
const Entity = z.object({ server_id: text() })
/** The reference calls it an array, and its example has an object. */
const Entities = z.union([z.array(Entity), Entity.transform((entity) => [entity])]).catch([])
const WireSubJob = JobFacts.extend({ entities: Entities })
type JobFacts = z.infer<typeof JobFacts>

/** "Querying Task Statuses": a job about several servers has one job for each below it. */
export const WireJobStatus = JobFacts.extend({
  entities: z
    .object({ sub_jobs: z.array(WireSubJob).catch([]), server_id: text() })
    .catch({ sub_jobs: [], server_id: null }),
})
export type WireJobStatus = z.infer<typeof WireJobStatus>

/** @returns null where the job is about other servers only */
export function progressOf(job: WireJobStatus, serverId: string): PowerProgress | null {
  const { sub_jobs: subs, server_id: only } = job.entities
  const own = subs.find(({ entities }) => entities.some(({ server_id }) => server_id === serverId))
  const others =
    only ?? subs.flatMap(({ entities }) => entities).find(({ server_id }) => server_id)?.server_id
  if (!own && others != null && others !== serverId) return null
  // One below it may have ended before the job itself has, and only it knows the reason.
  switch ((own ?? job).status.toUpperCase()) {
    case 'SUCCESS':
      return { state: 'done' }
    case 'FAIL':
      return { state: 'failed', failure: jobFailure(reasonOf(own) ?? reasonOf(job) ?? {}) }
    default:
      // A job that failed as a whole goes on nowhere, whatever the one below it says.
      return job.status.toUpperCase() === 'FAIL'
        ? { state: 'failed', failure: jobFailure(reasonOf(job) ?? {}) }
        : { state: 'running' }
  }
}

function reasonOf(job: JobFacts | undefined): { code?: string; reason?: string } | null {
  const code = job?.error_code ?? job?.code
  const reason = job?.fail_reason ?? job?.message
  return code || reason ? { ...(code ? { code } : {}), ...(reason ? { reason } : {}) } : null
}
