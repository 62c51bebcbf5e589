import type { FastifyInstance } from 'fastify'
import { steadyClock, systemClock } from '../shared/clock.ts'
import type { AppOptions } from './app-options.ts'
import { DirectLinks } from './consoles/direct-links.ts'
import { GatewayReach } from './consoles/gateway-reach.ts'
import { fail } from './http-errors.ts'
import { BootIndex } from './line-log/reading/boot-index.ts'
import { whyUnreached } from './outbound/reach.ts'
import type { Parts } from './parts.ts'
import { RecordingReader, readerLimits } from './recordings/reader.ts'
import { refuseOverload } from './request-limits.ts'
import { AcceptedJobs } from './routes/accepted-jobs.ts'
import { activityRoutes, peerActivityRoute } from './routes/activity.ts'
import { adoptRoute } from './routes/adopt.ts'
import { auditRoutes, peerAuditRoute } from './routes/audit.ts'
import { consoleRoutes } from './routes/consoles.ts'
import { embedRoutes } from './routes/embed.ts'
import { leavingRoute } from './routes/leaving.ts'
import { lineLogRoutes } from './routes/line-log.ts'
import { logSearchRoutes } from './routes/log-search.ts'
import { openConsoleRoutes } from './routes/open-consoles.ts'
import { openLineRoute } from './routes/open-line.ts'
import { servePage } from './routes/page.ts'
import { peerLogRoutes } from './routes/peer-logs.ts'
import { peerRecordingRoutes } from './routes/peer-recordings.ts'
import { preferenceRoutes } from './routes/preferences.ts'
import { probeRoutes } from './routes/probes.ts'
import { recordingRoutes } from './routes/recordings.ts'
import { serverRoutes } from './routes/servers.ts'
import { VisibleConsoles } from './routes/visible-consoles.ts'
import { watchRoutes } from './routes/watch.ts'
import { pageDirectives } from './security-headers.ts'
import { signInRoutes } from './sign-in/routes.ts'

interface RoutesOptions {
  options: AppOptions
  parts: Parts
  /** This server ends, and takes nothing new. */
  draining: () => boolean
}

/** All routes: those of the API, for the other replicas, and the page. */
export async function registerRoutes(
  app: FastifyInstance,
  { options, parts, draining }: RoutesOptions,
): Promise<void> {
  const { config, grants = null, replica = null, version, meter } = options
  const { signIn, audit, store, tags, recorder, eventsOf, dialler } = parts
  const { sessions, watcher, preferences, presences, viewers, followers, searching, listing } = parts
  const { searchPool, logs, recordings, auditName, activityElsewhere, logIndex } = parts
  const clock = options.clock ?? systemClock
  // For all that is a duration
  const steady = options.clock ?? steadyClock
  const now = () => clock.now()
  const ownAudit = replica && { audit, store: auditName, replicaId: replica.id, now }
  if (replica)
    adoptRoute(app, {
      sessions,
      cloud: options.ownCloud ?? null,
      personOf: options.signIn.personOf,
      onAdopted: (server) => watcher?.adopted(server),
    })
  probeRoutes(app, { draining, cloud: options.cloudHealth })
  await app.register(async (api) => {
    await refuseOverload(api, config.requests)
    api.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })
    signInRoutes(api, { mode: signIn, routes: options.signIn.routes }, audit)
    embedRoutes(api, { grants, audit, exchangesPerMinute: config.issuesPerMinute })
    serverRoutes(api, {
      audit,
      powered: (id, action, by) => sessions.mark(id, { kind: 'power', action, by }),
      now,
      accepted: new AcceptedJobs(options.store, clock),
      onListed: (servers) => tags?.learn(servers),
      watcher,
      listing,
      // By this clock, readings are as old as they are.
      clock,
      about: {
        cloud: options.cloudName,
        sandbox: config.cloud.kind === 'sandbox',
        version,
        recordings: config.recordings?.mode ?? 'off',
        watch: watcher !== null,
        log: store !== null,
        preferences: preferences?.place ?? 'browser',
        power: options.power,
      },
    })
    preferenceRoutes(api, { store: preferences })
    watchRoutes(api, { watcher, audit, now })
    const search = { pool: searchPool, searching, clock: steady }
    const reader = new RecordingReader(steady, readerLimits, eventsOf)
    const mayBeDeleted = config.recordings?.mayDelete ?? false
    recordingRoutes(api, { recordings, mayBeDeleted, audit, reader, ...search })
    auditRoutes(api, {
      audit,
      now,
      others: ownAudit && activityElsewhere && { ...activityElsewhere, ...ownAudit },
    })
    activityRoutes(api, { audit, presences, now, others: activityElsewhere })
    const boots = new BootIndex()
    lineLogRoutes(api, { logs, audit, followers, boots, clock: steady })
    logSearchRoutes(api, { logs, boots, audit, index: logIndex?.path ?? null, ...search })
    const links = new DirectLinks(options.store, clock)
    const reach = new GatewayReach((target) => whyUnreached(dialler, target), steady)
    consoleRoutes(api, {
      config,
      ways: { sessions, links, reach, meter, audit },
      viewers,
      forwarding: replica,
    })
    openConsoleRoutes(api, {
      config: config.console,
      presences,
      links,
      visible: new VisibleConsoles(steady),
      now,
    })
  })

  if (replica) {
    peerLogRoutes(app, { store })
    peerRecordingRoutes(app, { recorder })
    peerActivityRoute(app, { audit, presences, now, store: auditName })
    if (ownAudit) peerAuditRoute(app, ownAudit)
    openLineRoute(app, { sessions })
    leavingRoute(app, { viewers })
  }

  if (options.webRoot)
    await servePage(app, options.webRoot, {
      base: config.basePath,
      directives: pageDirectives(config),
      embedOrigins: config.embed?.origins ?? [],
    })
  else app.setNotFoundHandler((_request, reply) => fail(reply, 404, 'bad-request', 'There is no such route.'))
}
