import { readFile } from 'node:fs/promises'
import { type CryptoKey, createRemoteJWKSet, customFetch, errors, type JWSHeaderParameters } from 'jose'
import { boundedFetch } from '../outbound/bounded.ts'
import type { LaunchKey } from './settings.ts'

type Key = Uint8Array | CryptoKey | Extract<LaunchKey, { source: 'BMS_CONSOLE_LAUNCH_KEY' }>['key']

/** The configured keys that verify tickets. */
export interface LaunchKeys {
  /** No other counts, whatever a ticket says of itself. */
  algorithms: readonly string[]
  /** @returns the key; or why there is none, in words that go on after "the ticket" */
  find(header: JWSHeaderParameters): Promise<Key | { why: string }>
}

/** An unknown key has the set read again, but not sooner than this: else anybody could make us ask. */
const COOLDOWN_MS = 10_000
/** A set of keys has a few KiB. */
const ANSWER_LIMIT = 1024 * 1024

/** @param cooldownMs tests rotate keys faster */
export function launchKeys(settings: LaunchKey, over: typeof fetch, cooldownMs = COOLDOWN_MS): LaunchKeys {
  switch (settings.source) {
    case 'BMS_CONSOLE_LAUNCH_SECRET':
      return { algorithms: ['HS256'], find: async () => settings.secret }
    case 'BMS_CONSOLE_LAUNCH_KEY':
      return { algorithms: settings.algorithms, find: async () => settings.key }
    case 'BMS_CONSOLE_LAUNCH_JWKS':
      return keySet(settings.url, over, cooldownMs)
  }
}

/** The set is read when it is first needed, and again for an unknown key, so that keys can change. */
function keySet(url: URL, over: typeof fetch, cooldownMs: number): LaunchKeys {
  const keys = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMs,
    [customFetch]:
      url.protocol === 'file:'
        ? async () => new Response(await readFile(url))
        : boundedFetch(ANSWER_LIMIT, over),
  })
  return {
    // The set is public, so no algorithm with a shared secret counts.
    algorithms: ['EdDSA', 'Ed25519', 'ES256', 'RS256'],
    async find(header) {
      try {
        return await keys(header)
      } catch (error) {
        return { why: whyNot(error, header) }
      }
    },
  }
}

function whyNot(error: unknown, { kid }: JWSHeaderParameters): string {
  if (error instanceof errors.JWKSNoMatchingKey)
    return kid === undefined
      ? 'has no kid, and no key of BMS_CONSOLE_LAUNCH_JWKS has its algorithm'
      : `names the key ${shortOf(kid)}, which BMS_CONSOLE_LAUNCH_JWKS does not have for its algorithm`
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'does not say by its kid which of several keys of BMS_CONSOLE_LAUNCH_JWKS it means'
  return 'cannot be verified: BMS_CONSOLE_LAUNCH_JWKS could not be read'
}

/** Repeats a word of an unverified ticket only if it cannot be read as a sentence. */
export const shortOf = (value: unknown) =>
  typeof value === 'string' && /^[\w.:+/=-]{1,64}$/.test(value) ? value : '(not shown)'
