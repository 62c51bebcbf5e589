import { randomUUID } from 'node:crypto'
import type { BareMetalServer, PowerAction } from '../bms.ts'

interface SubJob {
  id: string
  serverId: string
  status: 'RUNNING' | 'SUCCESS'
  begin: string
  end: string | null
}

/** Power jobs, as "Querying Task Statuses" tells of them: https://support.huaweicloud.com/intl/en-us/api-bms/bms_api_0640.html */
export class Jobs {
  readonly #jobs = new Map<string, { begin: string; subJobs: SubJob[]; asked: boolean }>()

  constructor(private readonly now: () => number) {}

  /** @returns the job's id, 32 hexadecimal digits */
  run(order: PowerAction, targets: readonly BareMetalServer[]): string {
    const subJobs = targets.map((server): SubJob => {
      const subJob: SubJob = {
        id: jobId(),
        serverId: server.fixture.id,
        status: 'RUNNING',
        begin: this.#date(),
        end: null,
      }
      server.power(order, () => {
        subJob.status = 'SUCCESS'
        subJob.end = this.#date()
      })
      return subJob
    })
    const id = jobId()
    this.#jobs.set(id, { begin: this.#date(), subJobs, asked: false })
    return id
  }

  /** The job as the API writes it: INIT when first asked for, then RUNNING, then SUCCESS. */
  find(id: string): object | null {
    const job = this.#jobs.get(id)
    if (!job) return null
    const finished = job.subJobs.every(({ status }) => status === 'SUCCESS')
    const status = finished ? 'SUCCESS' : job.asked ? 'RUNNING' : 'INIT'
    job.asked = true
    const ends = job.subJobs.flatMap(({ end }) => end ?? [])
    return {
      status,
      job_id: id,
      job_type: 'baremetalBatchOperate',
      begin_time: job.begin,
      end_time: finished ? (ends.toSorted().at(-1) ?? '') : '',
      error_code: null,
      fail_reason: null,
      entities: {
        sub_jobs_total: job.subJobs.length,
        sub_jobs: job.subJobs.map((subJob) => ({
          status: subJob.status,
          job_id: subJob.id,
          job_type: 'baremetalSingleOperate',
          begin_time: subJob.begin,
          end_time: subJob.end ?? '',
          error_code: null,
          fail_reason: null,
          entities: { server_id: subJob.serverId },
        })),
      },
    }
  }

  #date(): string {
    return new Date(this.now()).toISOString()
  }
}

const jobId = () => randomUUID().replaceAll('-', '')
