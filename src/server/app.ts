import type { Server } from 'node:http'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyServerFactory, LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { OUTDATED_SUBPROTOCOL, RELAY_SUBPROTOCOL } from '../shared/relay-protocol.ts'
import { guardAccess } from './access.ts'
import { addressMatcher } from './addresses.ts'
import { registerRoutes } from './all-routes.ts'
import type { AppOptions } from './app-options.ts'
import { belowPath } from './base-path.ts'
import { answerBroken, answerError } from './http-errors.ts'
import { exposeMetrics } from './metrics/expose.ts'
import { openParts } from './parts.ts'
import { hideInternal } from './replicas/replica.ts'
import { guardRequests, refuseOutside } from './request-guard.ts'
import { limitAddresses, limitUsers } from './request-limits.ts'
import { logRequests, requestIdOf } from './request-log.ts'
import { addBareHeaders, docsPolicy, pageDirectives, secureHeaders } from './security-headers.ts'
import type { OwnCertificate } from './tls/own-certificate.ts'

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

const overTls =
  (certificate: OwnCertificate): FastifyServerFactory<Server> =>
  (listener) =>
    certificate.serve(listener, httpLimits)

/** The whole server, built but not listening. */
export async function buildApp(options: AppOptions) {
  const { config, replica = null, logger, version, origins, certificate, meter, metrics } = options
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

  const parts = await openParts(options)
  let draining = false
  replica?.forwarder.watchUpgrades(app.server)
  await app.register(websocket, {
    // The plugin's own would close the sockets before the sessions could say why.
    async preClose() {
      draining = true
      await parts.end(app.server)
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
  guardAccess(app, parts.signIn, parts.audit)
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
  await registerRoutes(app, { options, parts, draining: () => draining })

  if (metrics && config.metrics)
    exposeMetrics(app, metrics, config.metrics, {
      lines: () => parts.sessions.lines(),
      links: () => parts.sessions.pace.load,
      auditUnwritten: () => parts.audit.unwritten,
      certificateUntil: () => certificate?.until ?? null,
      replica: () => replica?.look ?? null,
    })
  app.addHook('onListen', async () => parts.watcher?.start())
  if (certificate) {
    const stopWatching = certificate.watch()
    app.addHook('onClose', async () => stopWatching())
  }
  app.addHook('onClose', () => parts.close())
  return app
}
