import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError, PowerRequest } from '../../shared/api.ts'
import { JobId, PowerAccepted, PowerProgress } from '../../shared/power.ts'
import { type PowerAction, type ProjectRef, ServerId } from '../../shared/server.ts'
import { identityOf } from '../access.ts'
import { type Audit, type AuditFacts, askerOf, outcomeOf } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'

export interface PowerRouteOptions {
  audit: Audit
  /** The cloud has accepted a power action. @param by who asked for it */
  powered: (serverId: string, action: PowerAction, by: string) => void
  now: () => number
  /** What lists told of a server */
  known: { of(id: string): { name: string; project: ProjectRef | null } | undefined }
}

const ServerParams = z.object({ id: ServerId })
const JobParams = ServerParams.extend({ job: JobId })

export function powerRoutes(
  instance: FastifyInstance,
  { audit, powered, now, known }: PowerRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const accepted = new AcceptedJobs()
  const factsOf = (request: FastifyRequest, id: string) => {
    const facts = known.of(id)
    return {
      ...askerOf(request),
      server: { id, name: facts?.name ?? null },
      project: identityOf(request).project ?? facts?.project ?? null,
    }
  }
  api.post(
    '/api/servers/:id/power',
    {
      config: { access: 'power' },
      schema: {
        summary: 'Power a server on or off, reboot it or send it an NMI',
        description: 'Answered when the cloud has accepted it. The job, if there is one, tells how it ends.',
        tags: ['servers'],
        params: ServerParams,
        body: PowerRequest,
        response: { 202: PowerAccepted, default: ApiError },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { action } = request.body
      const asked = now()
      const tell = (how: Pick<AuditFacts, 'outcome' | 'cause'>) =>
        audit.record('power', {
          ...factsOf(request, id),
          ...how,
          durationMs: now() - asked,
          detail: action,
        })
      const job = await identityOf(request)
        .cloud.power(id, action)
        .catch((error: unknown) => {
          tell(outcomeOf(error instanceof CloudError ? error.failure.cause : 'proxy-error'))
          throw error
        })
      tell({ outcome: 'done' })
      powered(id, action, identityOf(request).user.name)
      if (job !== null) accepted.add(id, job, { action, asked })
      return reply.code(202).send({ job })
    },
  )
  api.get(
    '/api/servers/:id/power/:job',
    {
      config: { access: 'power' },
      schema: {
        summary: 'How far a power action is, by the job that the cloud gave for it',
        tags: ['servers'],
        params: JobParams,
        response: { 200: PowerProgress, default: ApiError },
      },
    },
    async (request) => {
      const { id, job } = request.params
      const progress = await identityOf(request).cloud.powerJob(id, job)
      if (progress.state === 'running') return progress
      const ended = accepted.take(id, job)
      // The log says that the cloud accepted it. That it failed all the same is news.
      if (ended && progress.state === 'failed')
        audit.record('power', {
          ...factsOf(request, id),
          ...outcomeOf(progress.failure.cause),
          outcome: 'failed',
          durationMs: now() - ended.asked,
          detail: ended.action,
        })
      return progress
    },
  )
}

interface AcceptedJob {
  action: PowerAction
  asked: number
}

/** Jobs whose end nobody has seen yet. */
class AcceptedJobs {
  static readonly #MAX = 2_000
  readonly #jobs = new Map<string, AcceptedJob>()

  add(server: string, job: string, accepted: AcceptedJob): void {
    this.#jobs.set(`${server} ${job}`, accepted)
    if (this.#jobs.size <= AcceptedJobs.#MAX) return
    // A page that was closed never asks for its jobs again.
    const [oldest] = this.#jobs.keys()
    if (oldest !== undefined) this.#jobs.delete(oldest)
  }

  /** @returns undefined where its end was seen before */
  take(server: string, job: string): AcceptedJob | undefined {
    const key = `${server} ${job}`
    const found = this.#jobs.get(key)
    this.#jobs.delete(key)
    return found
  }
}
