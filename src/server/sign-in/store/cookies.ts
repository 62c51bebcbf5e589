import type { FastifyRequest } from 'fastify'
import type { PublicOrigins } from '../../origins.ts'

type BaseName = 'bms-console' | 'bms-console-device' | `bms-console-start-${string}`

const hostOnly = '__Host-'

/** Names under which the id of a sign-in may come, over https and over plain http on loopback. */
export const signInCookieNames: readonly string[] = [`${hostOnly}bms-console`, 'bms-console']

/**
 * How a cookie of ours is called and kept. `__Host-` makes the browser refuse one that another host of the domain, or
 * plain http, tries to set in its place; it needs `Secure`.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function ownCookie(request: FastifyRequest, origins: PublicOrigins, base: BaseName) {
  const secure = origins.isSecure(request.headers.host)
  return {
    name: secure ? `${hostOnly}${base}` : base,
    options: { path: '/', httpOnly: true, sameSite: 'strict', secure } as const,
  }
}
