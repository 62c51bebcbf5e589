import { createHash, hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { Clock } from '../../../shared/clock.ts'
import { RecentKeys } from '../../store/recent-keys.ts'
import type { Store } from '../../store/store.ts'

/** A begun sign-in, until its person comes back. */
const Start = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** The page's own path to go to */
  to: z.string(),
  /** The sign-in that the browser has already, which the new one replaces */
  before: z.nullable(z.object({ handle: z.string() })),
})
export type Start = z.infer<typeof Start>

/** A person may take so long at the provider. */
export const START_TTL_MS = 10 * 60_000

/** Uses remembered in memory; beyond them the oldest is forgotten. */
const MAX_USED = 10_000

/**
 * The begun sign-ins. Each is sealed in a cookie of the browser that began it and none is kept here, so a million of
 * them fill no memory and push nobody else's out. Each is good once, for ten minutes, at any replica.
 */
export class OidcStarts {
  readonly #key: Uint8Array
  readonly #clock: Clock
  readonly #store: Store
  readonly #used: RecentKeys

  constructor({ secret, clock, store }: { secret: Uint8Array; clock: Clock; store: Store }) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'bms-console: begun sign-ins', 32))
    this.#clock = clock
    this.#store = store
    this.#used = new RecentKeys(store, MAX_USED)
  }

  seal(start: Start): Promise<string> {
    return new EncryptJWT(start)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setExpirationTime(new Date(this.#clock.now() + START_TTL_MS))
      .encrypt(this.#key)
  }

  /** Uses it up. @returns as `open` */
  async redeem(sealed: string, state: string): Promise<Start | null> {
    const start = await this.#opened(sealed, state)
    const key = usedKey(state)
    // One of several requests at the same time has it.
    if (!start || !(await this.#store.claim(key, '', START_TTL_MS))) return null
    // The provider's code works once, too, so a forgotten use opens nothing by that alone.
    await this.#used.wrote(key)
    return start
  }

  /** @returns null if it is not ours, has another state, is too old, or was used */
  async open(sealed: string, state: string): Promise<Start | null> {
    const start = await this.#opened(sealed, state)
    return start && (await this.#store.get(usedKey(state))) === null ? start : null
  }

  async #opened(sealed: string, state: string): Promise<Start | null> {
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

const usedKey = (state: string) => `oidc-start:${createHash('sha256').update(state).digest('base64url')}`
