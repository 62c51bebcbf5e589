import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { every } from '../../../shared/clock.ts'
import { IDLE_HEADER } from '../../../shared/sign-in.ts'
import type { PublicOrigins } from '../../origins.ts'
import { ownCookie } from './cookies.ts'
import { type SignIn, SignIns, type SignInsOptions } from './sign-ins.ts'

/** The store makes ids of 32 bytes, in base64url. */
const CookieId = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** The time between two looks at the limits, for silent browsers. */
const SWEEP_MS = 5_000

/** The sign-ins and the cookies that carry their ids. All modes with sign-ins share this. */
export class BrowserSignIns<T> {
  readonly store: SignIns<T>
  readonly #origins: PublicOrigins
  readonly #stopSweeping: () => void

  constructor({ origins, ...options }: SignInsOptions & { origins: PublicOrigins }) {
    this.store = new SignIns(options)
    this.#origins = origins
    this.#stopSweeping = every(options.clock, SWEEP_MS, () => this.store.sweep())
  }

  /** The sign-in of a request. Sets a new cookie if its id is due to change. */
  find(request: FastifyRequest, reply: FastifyReply): SignIn<T> | null {
    const id = this.#idOf(request)
    if (id === null) return null
    const upgrade = request.headers.upgrade !== undefined
    const found = this.store.find(id, {
      // An upgrade cannot say whether a person is there. The request for its ticket came before, and said it.
      touch: !upgrade && request.headers[IDLE_HEADER] !== '1',
      // The WebSocket server writes the answer to an upgrade, without our cookies.
      rotate: !upgrade,
    })
    if (found?.newId) this.#set(request, reply, found.newId)
    return found?.signIn ?? null
  }

  /** A new sign-in under a new id; the one that this browser had ends. */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    made: { userId: string; kept: T; endsAt?: number },
  ): SignIn<T> {
    const before = this.peek(request)
    if (before) this.store.end(before, 'replaced')
    const { signIn, id } = this.store.begin(made.userId, made.kept, made.endsAt)
    this.#set(request, reply, id)
    return signIn
  }

  /** A new id, since what the sign-in may do has changed. */
  renew(request: FastifyRequest, reply: FastifyReply, signIn: SignIn<T>): void {
    const id = this.store.renew(signIn)
    if (id) this.#set(request, reply, id)
  }

  /** @returns the sign-in that ended, if there was one */
  signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): SignIn<T> | null {
    const signIn = this.peek(request)
    const { name, options } = this.#cookie(request)
    reply.clearCookie(name, options)
    if (signIn && everywhere) this.store.endAll(signIn.userId, 'signed-out')
    else if (signIn) this.store.end(signIn, 'signed-out')
    return signIn
  }

  close(): void {
    this.#stopSweeping()
    this.store.close()
  }

  /** As `find`, for requests that are not the user's doing. */
  peek(request: FastifyRequest): SignIn<T> | null {
    const id = this.#idOf(request)
    return id === null ? null : (this.store.find(id, { touch: false, rotate: false })?.signIn ?? null)
  }

  #idOf(request: FastifyRequest): string | null {
    return CookieId.safeParse(request.cookies[this.#cookie(request).name]).data ?? null
  }

  #set(request: FastifyRequest, reply: FastifyReply, id: string): void {
    const { name, options } = this.#cookie(request)
    reply.setCookie(name, id, options)
  }

  #cookie(request: FastifyRequest) {
    // No Max-Age: it goes with the browser, and its limits are kept here.
    return ownCookie(request, this.#origins, 'bms-console')
  }
}
