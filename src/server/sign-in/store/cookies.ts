import type { FastifyRequest } from 'fastify'
import type { PublicOrigins } from '../../origins.ts'

type BaseName = 'bms-console' | 'bms-console-device' | `bms-console-start-${string}`

const hostOnly = '__Host-'
const secureOnly = '__Secure-'

/** Names under which the id of a sign-in may come, over https and over plain http on loopback. */
export const signInCookieNames: readonly string[] = [
  `${hostOnly}bms-console`,
  `${secureOnly}bms-console`,
  'bms-console',
]

/**
 * How a cookie of ours is called and kept. `__Host-` makes the browser refuse one that another host of the domain, or
 * plain http, tries to set in its place; it needs `Secure`, and the root as its path. Below a path, cookies stay below it,
 * so `__Secure-` has to do, which keeps off plain http alone: what else the host serves does not get them, and a second
 * console on it has its own.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function ownCookie(request: FastifyRequest, origins: PublicOrigins, base: BaseName) {
  const secure = origins.isSecure(request.headers.host)
  return {
    name: secure ? `${origins.base ? secureOnly : hostOnly}${base}` : base,
    options: { path: origins.base || '/', httpOnly: true, sameSite: 'strict', secure } as const,
  }
}
