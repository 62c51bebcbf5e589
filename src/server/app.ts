import type { Server } from 'node:http'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyServerFactory, LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { type Clock, steadyClock, systemClock } from '../shared/clock.ts'
import type { PowerTraits } from '../shared/power.ts'
import { OUTDATED_SUBPROTOCOL, RELAY_SUBPROTOCOL } from '../shared/relay-protocol.ts'
import { guardAccess } from './access.ts'
import { addressMatcher } from './addresses.ts'
import { allLogs, allRecordings } from './all-logs.ts'
import type { AuditLog } from './audit/audit.ts'
import { nameOfAudit } from './audit/name.ts'
import { openAudit } from './audit/open.ts'
import { belowPath } from './base-path.ts'
import type { SharedCloud } from './clouds/snapshot.ts'
import type { Config } from './config.ts'
import { DirectLinks } from './consoles/direct-links.ts'
import { GatewayReach } from './consoles/gateway-reach.ts'
import { LeasedLines } from './consoles/leased-lines.ts'
import { issueLink, reissueLink } from './consoles/link.ts'
import { Presences } from './consoles/presences.ts'
import { Sessions } from './consoles/sessions.ts'
import type { ViewerSocket } from './consoles/viewer-socket.ts'
import { withEmbedding } from './embed/embed-mode.ts'
import type { Grants } from './embed/grants.ts'
import { giveLines } from './give-lines.ts'
import { answerBroken, answerError, fail } from './http-errors.ts'
import { openLogIndex } from './line-log/index/open-log-index.ts'
import { LineLogs } from './line-log/line-logs.ts'
import { Masks } from './line-log/masks/masks.ts'
import { tellCounts } from './line-log/masks/tell-counts.ts'
import { openLineStore } from './line-log/open-line-store.ts'
import { withOutlets } from './line-log/outlets.ts'
import { BootIndex } from './line-log/reading/boot-index.ts'
import { Followers } from './line-log/reading/followers.ts'
import { poolLimits, SearchPool } from './line-log/search/pool.ts'
import type { HoldingStore } from './line-log/store/store.ts'
import type { CloudHealth } from './metrics/cloud-health.ts'
import { exposeMetrics } from './metrics/expose.ts'
import type { Meter } from './metrics/meter.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { PublicOrigins } from './origins.ts'
import { otherReplicas } from './other-replicas.ts'
import { Dialler } from './outbound/dialler.ts'
import { whyUnreached } from './outbound/reach.ts'
import { openPreferences } from './preferences/open.ts'
import { recordedByItself } from './recordings/audit.ts'
import { RecordingReader, readerLimits } from './recordings/reader.ts'
import { Recorder } from './recordings/recorder.ts'
import { hideInternal, type Replica } from './replicas/replica.ts'
import { guardRequests, refuseOutside } from './request-guard.ts'
import { limitAddresses, limitUsers, refuseOverload } from './request-limits.ts'
import { logRequests, requestIdOf } from './request-log.ts'
import { activityRoutes, peerActivityRoute } from './routes/activity.ts'
import { adoptRoute } from './routes/adopt.ts'
import { auditRoutes } from './routes/audit.ts'
import { consoleRoutes } from './routes/consoles.ts'
import { embedRoutes } from './routes/embed.ts'
import { lineLogRoutes } from './routes/line-log.ts'
import { logSearchRoutes } from './routes/log-search.ts'
import { openConsoleRoutes } from './routes/open-consoles.ts'
import { openAtOwner, openLineRoute } from './routes/open-line.ts'
import { servePage } from './routes/page.ts'
import { peerLogRoutes } from './routes/peer-logs.ts'
import { peerRecordingRoutes } from './routes/peer-recordings.ts'
import { preferenceRoutes } from './routes/preferences.ts'
import { probeRoutes } from './routes/probes.ts'
import { recordingRoutes } from './routes/recordings.ts'
import { serverRoutes } from './routes/servers.ts'
import { VisibleConsoles } from './routes/visible-consoles.ts'
import { watchRoutes } from './routes/watch.ts'
import { addBareHeaders, docsPolicy, pageDirectives, secureHeaders } from './security-headers.ts'
import type { OpenedSignIn } from './sign-in/open.ts'
import { signInRoutes } from './sign-in/routes.ts'
import type { Store } from './store/store.ts'
import type { OwnCertificate } from './tls/own-certificate.ts'
import { Choices } from './watch/choices.ts'
import { Watcher } from './watch/watcher.ts'

export interface AppOptions {
  config: Config
  /** Who asks, and with which cloud. */
  signIn: OpenedSignIn
  /** The users that portals let in. null or absent: no page may embed a console. */
  grants?: Grants | null
  /** With this server's own credentials. null or absent: no line is watched. */
  watchedCloud?: SharedCloud | null
  /** With this server's own credentials, for lines that other replicas give up. null or absent: it has none. */
  ownCloud?: SharedCloud | null
  /** What this server shares with its replicas */
  store: Store
  /** This server as one of several. null or absent: it is the only one. */
  replica?: Replica | null
  logger: FastifyBaseLogger
  version: string
  /** What the page calls the cloud. */
  cloudName: string
  /** What the cloud makes of power actions */
  power: PowerTraits
  /** The built page; without it only the API is served (tests). */
  webRoot?: string
  /** Takes the place of the configured one, so that tests can collect the events. */
  audit?: AuditLog
  /** Takes the place of the configured one. */
  lineStore?: HoldingStore
  origins: PublicOrigins
  /** null or absent: this server speaks plain HTTP. */
  certificate?: OwnCertificate | null
  /** Goes by the configured proxies. */
  fetch: typeof fetch
  /** Counts what happens. */
  meter: Meter
  /** What the meter's counts are read as; null: nobody reads them. */
  metrics: Metrics | null
  /** How the cloud has answered */
  cloudHealth: CloudHealth
  /** null: the machine's own */
  clock: Clock | null
}

/** How long a request may take to come, ms: the largest body has 64 KiB. */
const REQUEST_MS = 20_000
const HEADERS_MS = 10_000
/** How often Node looks for requests that take longer */
const CHECK_MS = 5_000
/** A proxy in front drops its idle connections after 60 s, and must be the first to do so. */
const KEEP_ALIVE_MS = 72_000
const httpLimits = {
  requestTimeout: REQUEST_MS,
  headersTimeout: HEADERS_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: CHECK_MS,
}

/** One person's searches in lines' logs at a time */
const SEARCHES_EACH = 3
/** One person's readings of the list at a time, of all their pages. In mode `service` all users are one. */
const LISTS_EACH = 200
/** How long a stream that has ended may take to reach its reader at the end of this process */
const LAST_WORDS_MS = 1_000

const overTls =
  (certificate: OwnCertificate): FastifyServerFactory<Server> =>
  (listener) =>
    certificate.serve(listener, httpLimits)

/** The whole server, built but not listening. */
export async function buildApp(options: AppOptions) {
  const {
    config,
    grants = null,
    replica = null,
    logger,
    version,
    origins,
    certificate,
    meter,
    metrics,
  } = options
  const clock = options.clock ?? systemClock
  const now = () => clock.now()
  const signIn = grants ? withEmbedding(options.signIn.mode, grants) : options.signIn.mode
  const app = Fastify({
    ...(certificate ? { serverFactory: overTls(certificate) } : {}),
    ...belowPath(config.basePath),
    loggerInstance: logger,
    genReqId: requestIdOf,
    logController: new LogController({ disableRequestLogging: true }),
    // A kept-alive connection must not hold up a shutdown. Viewers hear the reason and are closed before.
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: httpLimits,
    clientErrorHandler: answerBroken,
    // A path that cannot be decoded meets no route, so neither the handler below nor any hook sees it.
    frameworkErrors(error, request, reply) {
      addBareHeaders(reply)
      return answerError(error, request, reply)
    },
    // Behind a proxy, `request.ip` is then the client's own, in limits and in the audit log. Hosts always come from the
    // request's own header.
    trustProxy: config.signIn.trustedProxies.length > 0 && addressMatcher(config.signIn.trustedProxies),
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)

  const audit = options.audit ?? (await openAudit(config.audit, { log: logger, clock }))
  const masks = config.masks.length > 0 ? new Masks(config.masks) : null
  const tellMasked = masks && tellCounts(masks, { log: logger, clock: options.clock ?? steadyClock })
  const given = options.lineStore && { store: options.lineStore, lastSeen: null, tags: null }
  const { store, lastSeen, tags } =
    given ?? (await openLineStore(config.lineLog, logger, { recorded: config.recordings !== null }))
  const recorder = config.recordings
    ? await Recorder.open({
        settings: config.recordings,
        log: logger,
        clock: options.clock ?? steadyClock,
        store,
        wall: clock,
        onByItself: recordedByItself(audit),
      })
    : null
  const lineStore = withOutlets(store ?? recorder?.store ?? null, {
    masks,
    ship: config.ship,
    fetch: options.fetch,
    log: logger,
    clock: options.clock ?? steadyClock,
  })
  const dialler = new Dialler(config.outbound)
  const sessions = new Sessions({
    config: config.console,
    log: logger,
    issueLink: (cloud, serverId) => issueLink(cloud, config.console.gateways, serverId),
    reissueLink: (cloud, serverId) => reissueLink(cloud, config.console.gateways, serverId),
    dialler,
    recorder,
    lineLogs: new LineLogs({
      store: lineStore,
      lastSeen,
      keptBytes: config.console.ringBytes,
      log: logger,
      clock: options.clock ?? steadyClock,
      wall: clock,
    }),
    ...(replica
      ? {
          ownership: new LeasedLines({
            keeper: replica.keeper,
            store: options.store,
            isLive: (id) => replica.isLive(id),
          }),
        }
      : {}),
    audit,
    // All that a session measures are durations.
    clock: options.clock ?? steadyClock,
    meter,
  })
  const logIndex =
    config.lineLog && store
      ? await openLogIndex({
          dir: config.lineLog.dir,
          store,
          log: logger,
          clock: options.clock ?? steadyClock,
        })
      : null
  const { watchedCloud } = options
  const watcher =
    config.watch && watchedCloud
      ? new Watcher({
          settings: config.watch,
          cloud: watchedCloud,
          sessions,
          choices: await Choices.open(config.lineLog?.dir ?? null, logger, options.store),
          onListed: (servers) => tags?.learn(servers),
          log: logger,
          clock: options.clock ?? steadyClock,
        })
      : null
  // Where nobody signs in, everybody is the same user.
  const nobodySignsIn = config.signIn.mode === 'service' && config.signIn.proxy === null
  const preferences = nobodySignsIn
    ? null
    : openPreferences(options.store, config.lineLog?.dir ?? null, logger)
  const presences = new Presences({
    store: options.store,
    sessions,
    clock: options.clock ?? systemClock,
    log: logger,
    ...(replica ? { atOwner: (serverId) => openAtOwner(replica, serverId) } : {}),
  })
  const viewers = new Set<ViewerSocket>()
  const followers = new Followers()
  const searching = new Followers(SEARCHES_EACH)
  const listing = new Followers(LISTS_EACH)
  const others =
    replica && otherReplicas({ replica, shared: options.store, clock: options.clock ?? steadyClock })
  const auditName = others && (await nameOfAudit(config.audit))
  const activityElsewhere = others && {
    ownStore: auditName,
    peers: others.peers,
    stores: others.stores('audit-stores', auditName),
  }
  const logs = allLogs(store, others, options.clock ?? steadyClock)
  const recordings = allRecordings(recorder, others)
  const eventsOf = recordings ? (id: string) => recordings.events(id) : undefined
  const searchPool = new SearchPool(options.clock ?? steadyClock, poolLimits, eventsOf)
  signIn.onEnded((ended) => {
    sessions.signInEnded(ended)
    followers.signInEnded(ended)
    searching.signInEnded(ended)
    listing.signInEnded(ended)
    for (const viewer of viewers) {
      if (viewer.signIn === ended)
        viewer.refuse({ cause: 'sign-in-needed', detail: 'The sign-in has ended.' })
    }
  })
  let draining = false
  replica?.forwarder.watchUpgrades(app.server)
  await app.register(websocket, {
    // The plugin's own would close the sockets before the sessions could say why.
    async preClose() {
      draining = true
      watcher?.stop()
      if (replica) await giveLines(replica, { sessions, log: logger })
      const left = sessions.endAll({ cause: 'proxy-restarting' })
      for (const viewer of viewers) viewer.close()
      // After this, all connections are cut. A stream that has ended may still be on its way.
      const ended = [
        followers.endAll(null, steadyClock, LAST_WORDS_MS),
        searching.endAll(null, steadyClock, LAST_WORDS_MS),
        listing.endAll({ cause: 'proxy-restarting' }, steadyClock, LAST_WORDS_MS),
      ]
      await Promise.all([left, ...ended, ...[...viewers].map((viewer) => viewer.closed)])
    },
    options: {
      perMessageDeflate: false,
      maxPayload: 1024 * 1024,
      // `ViewerSocket` answers pings itself: `ws` would let an answer wait for each.
      autoPong: false,
      // One frame in each turn of the event loop: a piece of the network may hold 10,000 empty ones, and others wait.
      allowSynchronousEvents: false,
      // An embedded page's bearer is a subprotocol, too. It is never chosen, since the answer would repeat it.
      handleProtocols: (offered) =>
        [RELAY_SUBPROTOCOL, OUTDATED_SUBPROTOCOL].find((version) => offered.has(version)) ?? false,
    },
  })
  // The WebSocket plugin comes first: it closes the sockets of refused upgrades only if its own hook came first. Then
  // come the headers, since refusals have them, too. The hooks that look at cookies come after the one that reads them.
  const directives = pageDirectives(config)
  await secureHeaders(app, directives, config.publicOrigins)
  refuseOutside(app, config.basePath)
  await app.register(cookie)
  hideInternal(app)
  guardRequests(app, origins)
  limitAddresses(app, config.requests, options.store)
  guardAccess(app, signIn, audit)
  limitUsers(app, config.requests, options.store)
  logRequests(app, meter)
  await app.register(swagger, {
    openapi: {
      ...(config.basePath ? { servers: [{ url: config.basePath }] } : {}),
      info: {
        title: 'BMS Console',
        version,
        description: 'Servers of the configured cloud and their serial consoles.',
      },
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: docsPolicy(directives) })
  if (replica)
    adoptRoute(app, {
      sessions,
      cloud: options.ownCloud ?? null,
      personOf: options.signIn.personOf,
      onAdopted: (server) => watcher?.adopted(server),
    })
  probeRoutes(app, { draining: () => draining, cloud: options.cloudHealth })
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
      onListed: (servers) => tags?.learn(servers),
      watcher,
      listing,
      // By this clock, readings are as old as they are.
      clock: options.clock ?? systemClock,
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
    const clock = options.clock ?? steadyClock
    const search = { pool: searchPool, searching, clock }
    const reader = new RecordingReader(clock, readerLimits, eventsOf)
    const mayBeDeleted = config.recordings?.mayDelete ?? false
    recordingRoutes(api, { recordings, mayBeDeleted, audit, reader, ...search })
    auditRoutes(api, { audit, now })
    activityRoutes(api, { audit, presences, now, others: activityElsewhere })
    const boots = new BootIndex()
    lineLogRoutes(api, { logs, audit, followers, boots, clock })
    logSearchRoutes(api, { logs, boots, audit, index: logIndex?.path ?? null, ...search })
    const links = new DirectLinks(options.store, options.clock ?? systemClock)
    const reach = new GatewayReach((target) => whyUnreached(dialler, target), clock)
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
      visible: new VisibleConsoles(clock),
      now,
    })
  })

  if (replica) {
    peerLogRoutes(app, { store })
    peerRecordingRoutes(app, { recorder })
    peerActivityRoute(app, { audit, presences, now, store: auditName })
    openLineRoute(app, { sessions })
  }

  if (options.webRoot)
    await servePage(app, options.webRoot, {
      base: config.basePath,
      directives,
      embedOrigins: config.embed?.origins ?? [],
    })
  else app.setNotFoundHandler((_request, reply) => fail(reply, 404, 'bad-request', 'There is no such route.'))

  if (metrics && config.metrics)
    exposeMetrics(app, metrics, config.metrics, {
      lines: () => sessions.lines(),
      links: () => sessions.pace.load,
      auditUnwritten: () => audit.unwritten,
      certificateUntil: () => certificate?.until ?? null,
      replica: () => replica?.look ?? null,
    })
  app.addHook('onListen', async () => watcher?.start())
  if (certificate) {
    const stopWatching = certificate.watch()
    app.addHook('onClose', async () => stopWatching())
  }
  app.addHook('onClose', async () => {
    searchPool.close()
    others?.close()
    await logIndex?.close()
    // The sessions have ended, so it keeps what they said until then.
    await tags?.written()
    await lineStore?.close()
    await recorder?.close()
    tellMasked?.()
    await presences.close()
    await signIn.close()
    await replica?.leave()
    await options.store.close()
    // In mode `iam` it is nobody else's.
    if (config.signIn.mode === 'iam') await watchedCloud?.close()
    // The audit log closes last, since what the others end is an event, too.
    await audit.close()
  })
  return app
}
