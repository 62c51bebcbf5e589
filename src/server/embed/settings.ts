import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { createLocalJWKSet } from 'jose'
import { z } from 'zod'
import { ConfigError, list, optional, text, type Variable, variables } from '../environment.ts'
import { isSafeOrigin } from '../origins.ts'
import type { SignInSettings } from '../sign-in/settings.ts'

/** The key that verifies launch tickets. It alone says which algorithms count, never the ticket. */
export type LaunchKey =
  /** HS256; 32 bytes or more */
  | { source: 'BMS_CONSOLE_LAUNCH_SECRET'; secret: Uint8Array }
  | { source: 'BMS_CONSOLE_LAUNCH_KEY'; key: KeyObject; algorithms: readonly string[] }
  /** A set of public keys at an `https:`, `http:` (loopback) or `file:` URL */
  | { source: 'BMS_CONSOLE_LAUNCH_JWKS'; url: URL }

export interface EmbeddingSettings {
  /** Exact origins of the pages that may embed a console */
  origins: readonly string[]
  key: LaunchKey
  /** The `iss` that tickets must have. null: any */
  issuer: string | null
}

export const embeddingVariables = variables({
  BMS_CONSOLE_EMBED_ORIGINS: {
    schema: list.pipe(z.array(z.string().refine(isEmbedOrigin)).min(1)),
    says: 'a comma-separated list of https origins without a path, e.g. https://portal.example.com (http on localhost or 127.0.0.1 only)',
  },
  BMS_CONSOLE_LAUNCH_SECRET: {
    schema: z.string().refine((value) => Buffer.byteLength(value) >= 32),
    says: "the secret of 32 bytes or more that the portal's backend signs with (HS256)",
    secret: true,
  },
  BMS_CONSOLE_LAUNCH_KEY: {
    schema: text,
    says: 'a public key in PEM: Ed25519 (EdDSA), P-256 (ES256), or RSA of 2048 bits or more (RS256)',
    secret: true,
  },
  BMS_CONSOLE_LAUNCH_JWKS: {
    schema: text,
    says: 'the https URL of a JSON Web Key Set (http on loopback only), or the path of its file',
  },
  BMS_CONSOLE_LAUNCH_ISSUER: { schema: text, says: 'the "iss" of the portal\'s tickets' },
})

const v = embeddingVariables
const sources = [v.BMS_CONSOLE_LAUNCH_SECRET, v.BMS_CONSOLE_LAUNCH_KEY, v.BMS_CONSOLE_LAUNCH_JWKS] as const
const sourceNames = sources.map(({ name }) => name).join(', ')

/**
 * @param around the origins under which this server is opened, and how people sign in here otherwise
 * @returns null: no page may embed a console
 */
export function embeddingSettings(
  env: NodeJS.ProcessEnv,
  around: { mode: SignInSettings['mode'] },
): EmbeddingSettings | null {
  const origins = optional(env, v.BMS_CONSOLE_EMBED_ORIGINS)
  if (!origins) {
    const orphan = [...sources, v.BMS_CONSOLE_LAUNCH_ISSUER].map((each) => setAs(env, each)).find(Boolean)
    if (orphan)
      throw new ConfigError(
        `${orphan} is set, but BMS_CONSOLE_EMBED_ORIGINS is not: without it no page may embed a console`,
      )
    return null
  }
  if (around.mode === 'iam')
    throw new ConfigError(
      "BMS_CONSOLE_EMBED_ORIGINS is set, but with BMS_CONSOLE_SIGN_IN=iam there is nothing to embed with: an embedded console uses this server's own credentials in the cloud, so set BMS_CONSOLE_SIGN_IN to service or oidc",
    )
  return { origins, key: launchKey(env), issuer: optional(env, v.BMS_CONSOLE_LAUNCH_ISSUER) ?? null }
}

/** The name under which a variable is set. */
function setAs(env: NodeJS.ProcessEnv, { name, secret }: Variable<unknown>): string | undefined {
  return [name, ...(secret ? [`${name}_FILE`] : [])].find((candidate) => env[candidate])
}

function launchKey(env: NodeJS.ProcessEnv): LaunchKey {
  const [source, second] = sources.filter((each) => setAs(env, each))
  if (!source)
    throw new ConfigError(
      `BMS_CONSOLE_EMBED_ORIGINS is set, but nothing to verify launch tickets with: set one of ${sourceNames}`,
    )
  if (second) throw new ConfigError(`${source.name} and ${second.name} are both set: keep one of them`)
  const secret = optional(env, v.BMS_CONSOLE_LAUNCH_SECRET)
  if (secret !== undefined)
    return { source: 'BMS_CONSOLE_LAUNCH_SECRET', secret: new TextEncoder().encode(secret) }
  const pem = optional(env, v.BMS_CONSOLE_LAUNCH_KEY)
  if (pem !== undefined) return { source: 'BMS_CONSOLE_LAUNCH_KEY', ...publicKey(pem) }
  const place = optional(env, v.BMS_CONSOLE_LAUNCH_JWKS)
  if (place !== undefined) return { source: 'BMS_CONSOLE_LAUNCH_JWKS', url: keySetUrl(place) }
  // The file is empty.
  throw invalid(source)
}

const invalid = ({ name, says }: Variable<unknown>, why = '') =>
  new ConfigError(`${name} is not valid${why}: it must be ${says}`)

/** The key's own type says the algorithm. */
function publicKey(pem: string): { key: KeyObject; algorithms: readonly string[] } {
  const variable = v.BMS_CONSOLE_LAUNCH_KEY
  // Node would silently take the public half of it.
  if (pem.includes('PRIVATE KEY'))
    throw invalid(variable, " (it is a private key, which belongs to the portal's backend alone)")
  let key: KeyObject
  try {
    // Environment files have it in one line.
    key = createPublicKey(pem.replaceAll('\\n', '\n'))
  } catch {
    throw invalid(variable)
  }
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      // The second is the first's new name: RFC 9864, section 2.2.
      return { key, algorithms: ['EdDSA', 'Ed25519'] }
    case 'ec':
      if (namedCurve === 'prime256v1') return { key, algorithms: ['ES256'] }
      break
    case 'rsa':
      if (modulusLength >= 2048) return { key, algorithms: ['RS256'] }
      break
  }
  throw invalid(variable, ` (it is ${key.asymmetricKeyType} ${namedCurve ?? (modulusLength || '')})`)
}

function keySetUrl(place: string): URL {
  const variable = v.BMS_CONSOLE_LAUNCH_JWKS
  if (place.includes('://')) {
    if (!/^https?:/i.test(place) || !URL.canParse(place) || !isSafeOrigin(place)) throw invalid(variable)
    return new URL(place)
  }
  try {
    createLocalJWKSet(JSON.parse(readFileSync(place, 'utf8')))
  } catch {
    throw invalid(variable, ' (it names a file that cannot be read as such)')
  }
  return pathToFileURL(place)
}

/**
 * An origin that `frame-ancestors` can name: not an IPv6 address, for which it has no syntax, and nothing that would
 * end the directive.
 * https://www.w3.org/TR/CSP3/#grammardef-host-source
 */
function isEmbedOrigin(value: string): boolean {
  const plain = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(value) && URL.canParse(value)
  return plain && new URL(value).origin === value && isSafeOrigin(value)
}
