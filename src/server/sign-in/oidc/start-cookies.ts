import type { FastifyReply, FastifyRequest } from 'fastify'
import type { PublicOrigins } from '../../origins.ts'
import { ownCookie } from '../store/cookies.ts'
import { START_TTL_MS } from './starts.ts'

/** Sign-ins that one browser may have begun at once: more would make its requests too big. */
const MAX_AT_ONCE = 4

/**
 * The cookies that tie the provider's answers to the browser that asked: one for each sign-in that was begun, so that
 * tabs do not disturb each other. They go to all of this server, and not to the callback alone: `__Host-` needs the root,
 * and that no neighbour under the same domain can plant one, and so sign somebody in as another, is worth more than a
 * narrow path.
 */
export class StartCookies {
  readonly #origins: PublicOrigins

  constructor(origins: PublicOrigins) {
    this.#origins = origins
  }

  set(request: FastifyRequest, reply: FastifyReply, state: string, sealed: string): void {
    const { name, options } = this.#cookie(request, state)
    const { name: prefix } = this.#cookie(request, '')
    // The browser sends the oldest first: https://www.rfc-editor.org/rfc/rfc6265#section-5.4
    const begun = Object.keys(request.cookies).filter((known) => known.startsWith(prefix))
    for (const old of begun.slice(0, Math.max(0, begun.length - MAX_AT_ONCE + 1)))
      reply.clearCookie(old, options)
    reply.setCookie(name, sealed, { ...options, maxAge: START_TTL_MS / 1000 })
  }

  of(request: FastifyRequest, state: string): string | null {
    return request.cookies[this.#cookie(request, state).name] ?? null
  }

  clear(request: FastifyRequest, reply: FastifyReply, state: string): void {
    const { name, options } = this.#cookie(request, state)
    reply.clearCookie(name, options)
  }

  #cookie(request: FastifyRequest, state: string) {
    // Enough of the state to tell tabs apart; the whole is inside.
    const { name, options } = ownCookie(request, this.#origins, `bms-console-start-${state.slice(0, 12)}`)
    // A strict one does not come with the way back from the provider, a navigation from another site.
    return { name, options: { ...options, sameSite: 'lax' } as const }
  }
}
