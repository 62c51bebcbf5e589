import type { FastifyReply, FastifyRequest } from 'fastify'
import { START_TTL_MS } from './oidc-starts.ts'

/** Sign-ins that one browser may have begun at once: more would make its requests too big. */
const MAX_AT_ONCE = 4

/**
 * The cookies that tie the provider's answers to the browser that asked: one for each sign-in that was begun, so that
 * tabs do not disturb each other.
 *
 * `Lax`, as the way back from the provider is a navigation from another site, with which a `Strict` one does not
 * come. `__Host-` needs the path `/`, but keeps a neighbour under the same domain from planting a cookie that signs
 * somebody in as another.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
 */
export class StartCookies {
  readonly #prefix: string
  readonly #options: { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean }

  constructor(
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    secure: boolean,
  ) {
    this.#prefix = `${secure ? '__Host-' : ''}bms-console-start-`
    this.#options = { path: '/', httpOnly: true, sameSite: 'lax', secure }
  }

  set(state: string, sealed: string): void {
    // The browser sends the oldest first: https://www.rfc-editor.org/rfc/rfc6265#section-5.4
    const begun = Object.keys(this.request.cookies).filter((name) => name.startsWith(this.#prefix))
    for (const name of begun.slice(0, Math.max(0, begun.length - MAX_AT_ONCE + 1)))
      this.reply.clearCookie(name, this.#options)
    this.reply.setCookie(this.#name(state), sealed, { ...this.#options, maxAge: START_TTL_MS / 1000 })
  }

  /** Takes it from the browser, too. */
  take(state: string): string | null {
    const name = this.#name(state)
    const sealed = this.request.cookies[name]
    if (sealed === undefined) return null
    this.reply.clearCookie(name, this.#options)
    return sealed
  }

  /** Enough of the state to tell tabs apart; the whole is inside. */
  #name = (state: string) => `${this.#prefix}${state.slice(0, 12)}`
}
