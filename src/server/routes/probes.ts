import type { FastifyInstance } from 'fastify'
import { fail } from '../http-errors.ts'
import type { CloudHealth } from '../metrics/cloud-health.ts'

/** An orchestrator asks these by the machine's address, whatever name it knows. */
export const probePaths: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/readyz/cloud'])

export interface ProbeOptions {
  /** This server is about to end. */
  draining: () => boolean
  cloud: CloudHealth
}

/** Whether the process lives, and whether it takes requests. They need no sign-in, and tell no names. */
export function probeRoutes(app: FastifyInstance, { draining, cloud }: ProbeOptions): void {
  const options = { schema: { hide: true } }
  app.get('/healthz', options, async () => ({ status: 'ok' }))
  // The cloud's state does not count: with the cloud down the page must still be there to say so.
  app.get('/readyz', options, async (_request, reply) =>
    draining()
      ? fail(reply, 503, 'proxy-restarting', 'The proxy is shutting down.')
      : { status: 'ready', cloud: cloud.state },
  )
  // For an alert, or a balancer that has another way to the cloud.
  app.get('/readyz/cloud', options, async (_request, reply) => {
    const { state } = cloud
    if (draining()) return fail(reply, 503, 'proxy-restarting', 'The proxy is shutting down.')
    if (state.state === 'failing')
      return fail(reply, 503, state.cause, `The cloud has not answered for ${state.seconds} s.`)
    return { status: 'ready', cloud: state }
  })
}
