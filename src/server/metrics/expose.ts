import type { FastifyInstance } from 'fastify'
import { steadyClock } from '../../shared/clock.ts'
import type { HostPort } from '../environment.ts'
import { tellLateness } from './lateness.ts'
import type { Metrics, MetricsView } from './metrics.ts'
import { serveMetrics } from './metrics-server.ts'

/** Serves metrics while the server listens. */
export function exposeMetrics(
  app: Pick<FastifyInstance, 'addHook' | 'log'>,
  metrics: Metrics,
  address: HostPort,
  view: MetricsView,
): void {
  metrics.show(view)
  const stopLateness = tellLateness(metrics, steadyClock)
  let server: Awaited<ReturnType<typeof serveMetrics>> | null = null
  app.addHook('onListen', async () => {
    server = await serveMetrics(metrics, address)
    app.log.info({ host: address.host, port: server.port }, 'metrics are served')
  })
  app.addHook('onClose', async () => {
    stopLateness()
    await server?.close()
  })
}
