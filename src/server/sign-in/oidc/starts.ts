import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'

/** What a sign-in that was begun waits with. */
const Start = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** The page's own path to go to */
  to: z.string(),
  /** The sign-in that the browser has already, which the new one replaces */
  before: z.nullable(z.object({ handle: z.string(), userId: z.string() })),
})
export type Start = z.infer<typeof Start>

/** How long somebody may take at the provider. */
export const START_TTL_MS = 10 * 60_000

/** Uses remembered; beyond them the oldest is forgotten. */
const MAX_USED = 10_000

/**
 * The sign-ins that were begun, each sealed for a cookie of the browser that began it: nothing is kept here, so that
 * beginning them by the million fills no memory and pushes nobody else's out. Each is good once and for ten minutes.
 */
export class OidcStarts {
  readonly #key: Uint8Array
  readonly #clock: Clock
  /** States with their ends, ms since the epoch, oldest use first */
  readonly #used = new Map<string, number>()

  constructor({ secret, clock }: { secret: Uint8Array; clock: Clock }) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'bms-console: begun sign-ins', 32))
    this.#clock = clock
  }

  seal(start: Start): Promise<string> {
    return new EncryptJWT(start)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime(new Date(this.#clock.now() + START_TTL_MS))
      .encrypt(this.#key)
  }

  /** Uses it up. @returns as `open` */
  async redeem(sealed: string, state: string): Promise<Start | null> {
    const start = await this.open(sealed, state)
    // Asked again after the wait: two requests may have come at the same time.
    if (!start || this.#used.has(state)) return null
    // The provider's code works once, too: what is forgotten here opens nothing by that alone.
    for (const [used, until] of this.#used) {
      if (until > this.#clock.now() && this.#used.size < MAX_USED) break
      this.#used.delete(used)
    }
    this.#used.set(state, this.#clock.now() + START_TTL_MS)
    return start
  }

  /** @returns null where it is not ours, not of this state, too old, or used */
  async open(sealed: string, state: string): Promise<Start | null> {
    if (this.#used.has(state)) return null
    const opened = await jwtDecrypt(sealed, this.#key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
      currentDate: new Date(this.#clock.now()),
    }).catch(() => null)
    const start = Start.safeParse(opened?.payload).data
    return start?.state === state ? start : null
  }
}
