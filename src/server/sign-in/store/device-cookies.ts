import { createHash, randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import type { PublicOrigins } from '../../origins.ts'
import { ownCookie } from './cookies.ts'

const AUDIENCE = 'bms-console-device'
const LIFE_SECONDS = 90 * 86_400

const Claims = z.object({ sub: z.string(), jti: z.uuid() })

/** A browser with an earlier sign-in. */
export interface Device {
  id: string
  /** Whether it was as the user of this account */
  knows(account: string): boolean
}

interface DeviceOptions {
  secret: Uint8Array
  origins: PublicOrigins
  clock: Clock
}

/**
 * This cookie shows that a browser has signed in with an account before. It opens nothing, but gives the browser its own
 * count of failures, see `throttle.ts`. Each sign-in gives a new one.
 */
export class DeviceCookies {
  readonly #options: DeviceOptions

  constructor(options: DeviceOptions) {
    this.#options = options
  }

  /** @returns null if there is none, or it is too old or not ours */
  async of(request: FastifyRequest): Promise<Device | null> {
    const { secret, origins, clock } = this.#options
    const token = request.cookies[ownCookie(request, origins, AUDIENCE).name]
    if (token === undefined || token.length > 1024) return null
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        requiredClaims: ['exp'],
        currentDate: new Date(clock.now()),
      })
      const { sub, jti } = Claims.parse(payload)
      return { id: jti, knows: (account) => sub === subjectOf(account) }
    } catch {
      return null
    }
  }

  async give(request: FastifyRequest, reply: FastifyReply, account: string): Promise<void> {
    const { secret, origins, clock } = this.#options
    const seconds = Math.floor(clock.now() / 1000)
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setSubject(subjectOf(account))
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_SECONDS)
      .sign(secret)
    const { name, options } = ownCookie(request, origins, AUDIENCE)
    reply.setCookie(name, token, { ...options, maxAge: LIFE_SECONDS })
  }
}

// A person with the browser's disk can read the cookie, so it holds no name.
const subjectOf = (account: string) => createHash('sha256').update(account).digest('base64url')
