import type { FastifyReply, FastifyRequest } from 'fastify'
import { every } from '../../../shared/clock.ts'
import { IDLE_HEADER } from '../../../shared/sign-in.ts'
import type { PublicOrigins } from '../../origins.ts'
import { ownCookie } from './cookies.ts'
import { type SignIn, SignIns, type SignInsOptions } from './sign-ins.ts'

/** The time between two looks at the limits, for silent browsers. */
const SWEEP_MS = 5_000

export interface BrowserSignInsOptions<T> extends Omit<SignInsOptions<T>, 'kind'> {
  origins: PublicOrigins
}

/** The sign-ins and the cookies that carry their ids. All modes with sign-ins share this. */
export class BrowserSignIns<T> {
  readonly store: SignIns<T>
  readonly #origins: PublicOrigins
  readonly #stopSweeping: () => void

  constructor({ origins, ...options }: BrowserSignInsOptions<T>) {
    this.store = new SignIns({ ...options, kind: 'sign-in' })
    this.#origins = origins
    this.#stopSweeping = every(options.clock, SWEEP_MS, () => void this.store.sweep())
  }

  /** The sign-in of a request. Sets a new cookie if its id is due to change. */
  async find(request: FastifyRequest, reply: FastifyReply): Promise<SignIn<T> | null> {
    const id = this.#idOf(request)
    if (id === null) return null
    const upgrade = request.headers.upgrade !== undefined
    const found = await this.store.find(id, {
      // An upgrade cannot say whether a person is there. The request for its ticket came before, and said it.
      touch: !upgrade && request.headers[IDLE_HEADER] !== '1',
      // The WebSocket server writes the answer to an upgrade, without our cookies.
      rotate: !upgrade,
    })
    if (found?.newId) this.#set(request, reply, found.newId)
    return found?.signIn ?? null
  }

  /** A new sign-in under a new id; the one that this browser had ends. */
  async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    made: { userId: string; kept: T; endsAt?: number },
  ): Promise<SignIn<T>> {
    const before = await this.peek(request)
    if (before) await this.store.end(before, 'replaced')
    const { signIn, id } = await this.store.begin(made.userId, made.kept, made.endsAt)
    this.#set(request, reply, id)
    return signIn
  }

  /** Keeps something else from now on, under a new id. @returns whether the sign-in is still there */
  async renew(request: FastifyRequest, reply: FastifyReply, signIn: SignIn<T>, kept: T): Promise<boolean> {
    const id = await this.store.renew(signIn, { kept })
    if (id) this.#set(request, reply, id)
    return id !== null
  }

  /** @returns the sign-in that ended, if there was one */
  async signOut(
    request: FastifyRequest,
    reply: FastifyReply,
    everywhere: boolean,
  ): Promise<SignIn<T> | null> {
    const signIn = await this.peek(request)
    if (signIn && everywhere) await this.store.endAll(signIn.userId, 'signed-out')
    else if (signIn) await this.store.end(signIn, 'signed-out')
    // Where the store is away, the cookie stays with the sign-in.
    const { name, options } = this.#cookie(request)
    reply.clearCookie(name, options)
    return signIn
  }

  async close(): Promise<void> {
    this.#stopSweeping()
    await this.store.close()
  }

  /** As `find`, for requests that are not the user's doing. */
  async peek(request: FastifyRequest): Promise<SignIn<T> | null> {
    const id = this.#idOf(request)
    const found = id === null ? null : await this.store.find(id, { touch: false, rotate: false })
    return found?.signIn ?? null
  }

  #idOf(request: FastifyRequest): string | null {
    return request.cookies[this.#cookie(request).name] ?? null
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
