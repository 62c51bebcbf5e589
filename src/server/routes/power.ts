import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ApiError, PowerRequest } from '../../shared/api.ts'
import { JobId, PowerAccepted, PowerProgress } from '../../shared/power.ts'
import { type PowerAction, type ProjectRef, type Server, ServerId } from '../../shared/server.ts'
import { identityOf } from '../access.ts'
import { type Audit, type AuditFacts, askerOf, outcomeOf } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import { ignoringStore } from '../store/ignoring-store.ts'
import type { AcceptedJobs } from './accepted-jobs.ts'

export interface PowerRouteOptions {
  audit: Audit
  /** The cloud has accepted a power action. @param by who asked for it */
  powered: (serverId: string, action: PowerAction, by: string) => void
  now: () => number
  accepted: AcceptedJobs
  /** What the cloud told of servers */
  known: {
    of(id: string): { name: string; project: ProjectRef | null } | undefined
    learn(servers: readonly Pick<Server, 'id' | 'name' | 'project'>[]): void
  }
}

const ServerParams = z.object({ id: ServerId })
const JobParams = ServerParams.extend({ job: JobId })

export function powerRoutes(
  instance: FastifyInstance,
  { audit, powered, now, accepted, known }: PowerRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  /** A program may ask without a list, and the list may have been another replica's: then the cloud tells the name. */
  const factsOf = async (request: FastifyRequest, id: string) => {
    const { cloud, project } = identityOf(request)
    if (known.of(id) === undefined)
      await cloud.getServer(id).then(
        (server) => known.learn([server]),
        // The id has to do.
        () => {},
      )
    const facts = known.of(id)
    return {
      ...askerOf(request),
      server: { id, name: facts?.name ?? null },
      project: project ?? facts?.project ?? null,
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
      const acting = identityOf(request).cloud.power(id, action)
      // Beside the action, which waits for nothing
      const facts = factsOf(request, id)
      const tell = async (how: Pick<AuditFacts, 'outcome' | 'cause'>) => {
        const durationMs = now() - asked
        audit.record('power', { ...(await facts), ...how, durationMs, detail: action })
      }
      const job = await acting.catch(async (error: unknown) => {
        await tell(outcomeOf(error instanceof CloudError ? error.failure.cause : 'proxy-error'))
        throw error
      })
      await tell({ outcome: 'done' })
      powered(id, action, identityOf(request).user.name)
      // The cloud has begun. Without the store, nobody is told in the log should it fail after all.
      if (job !== null) await ignoringStore(accepted.add(id, job, action))
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
      const ended = await accepted.take(id, job)
      // The log says that the cloud accepted it. That it failed all the same is news.
      if (ended && progress.state === 'failed')
        audit.record('power', {
          ...(await factsOf(request, id)),
          ...outcomeOf(progress.failure.cause),
          outcome: 'failed',
          durationMs: ended.ms,
          detail: ended.action,
        })
      return progress
    },
  )
}
