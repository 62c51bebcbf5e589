import type { FastifyInstance } from 'fastify'
import { below } from './base-path.ts'
import { fail } from './http-errors.ts'
import type { PublicOrigins } from './origins.ts'
import { probePaths } from './routes/probes.ts'
import { signInCookieNames } from './sign-in/store/cookies.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route is a WebSocket */
    upgrades?: true
  }
}

/**
 * Closed by default. A request must name one of our hosts; a rebound DNS name has another. A request that a browser
 * sends from another site is refused before any route sees it. A WebSocket must carry an Origin, since the same-origin
 * policy does not protect it.
 * https://owasp.org/www-community/attacks/csrf, RFC 6455 section 10.2
 */
export function guardRequests(app: FastifyInstance, origins: PublicOrigins): void {
  app.addHook('onRoute', (route) => {
    if (route.websocket) route.config = { ...route.config, upgrades: true }
  })
  app.addHook('onRequest', async (request, reply) => {
    // The plugin would open a WebSocket for any route, and then close it politely: the peer could keep it for long.
    if (request.headers.upgrade !== undefined && !request.routeOptions.config?.upgrades)
      return fail(reply, 400, 'bad-request', 'There is no WebSocket here.')
    if (probePaths.has(request.url)) return
    const host = request.headers.host?.toLowerCase()
    if (!origins.hasHost(host)) {
      return fail(
        reply,
        421,
        'bad-request',
        `The host ${host ?? '(none)'} is not one of BMS_CONSOLE_PUBLIC_ORIGINS (${origins.all.join(', ')}).`,
      )
    }
    const { origin } = request.headers
    const safe = request.method === 'GET' || request.method === 'HEAD'
    const upgrade = request.headers.upgrade !== undefined
    if (origin === undefined) {
      if (upgrade) return fail(reply, 403, 'no-permission', 'A WebSocket must carry an Origin.')
      // Browsers send an Origin with every such request. A request without one comes from a program, which needs no
      // cookie, or by a way around the check that we do not know yet.
      if (!safe && signInCookieNames.some((name) => request.cookies[name] !== undefined))
        return fail(reply, 403, 'no-permission', 'What changes something with a cookie must carry an Origin.')
      return
    }
    if ((upgrade || !safe) && !origins.allows(origin)) {
      return fail(
        reply,
        403,
        'no-permission',
        `The origin ${origin} is not one of BMS_CONSOLE_PUBLIC_ORIGINS (${origins.all.join(', ')}).`,
      )
    }
  })
}

/**
 * Refuses what is outside the path, except for the probes. A request at the root is not led to the path: if a proxy takes
 * the path off, that would lead in a circle, and a browser would not say why.
 */
export function refuseOutside(app: FastifyInstance, base: string): void {
  if (!base) return
  app.addHook('onRequest', async ({ method, headers, originalUrl }, reply) => {
    if (probePaths.has(originalUrl)) return
    if (below(base, originalUrl) === null)
      return fail(
        reply,
        404,
        'bad-request',
        `This server is below ${base}/ (BMS_CONSOLE_BASE_PATH). A proxy in front of it must leave that path in what it passes on.`,
      )
    const after = originalUrl.slice(base.length)
    const reads = method === 'GET' || method === 'HEAD'
    if (!after.startsWith('/') && reads && headers.upgrade === undefined)
      return reply.redirect(`${base}/${after}`)
  })
}
