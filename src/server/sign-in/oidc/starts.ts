import { hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'

/** A begun sign-in, until its person comes back. */
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

/** A person may take so long at the provider. */
export const START_TTL_MS = 10 * 60_000

/** Uses remembered; beyond them the oldest is forgotten. */
const MAX_USED = 10_000

/**
 * The begun sign-ins. Each is sealed in a cookie of the browser that began it and none is kept here, so a million of
 * them fill no memory and push nobody else's out. Each is good once, for ten minutes.
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
    // It is checked again after the wait, since two requests may have come at the same time.
    if (!start || this.#used.has(state)) return null
    // The provider's code works once, too, so a forgotten use opens nothing by that alone.
    for (const [used, until] of this.#used) {
      if (until > this.#clock.now() && this.#used.size < MAX_USED) break
      this.#used.delete(used)
    }
    this.#used.set(state, this.#clock.now() + START_TTL_MS)
    return start
  }

  /** @returns null if it is not ours, has another state, is too old, or was used */
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
