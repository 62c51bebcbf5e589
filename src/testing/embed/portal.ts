import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export const CONSOLE = 'https://console.test'
export const PORTAL = 'https://portal.test'
export const SECRET = 'a secret that portal and console share'

const pairs = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
type Signed = keyof typeof pairs

/** For tests: the portal's keys, by their algorithm. */
export const keyPair = (algorithm: Signed): { publicKey: KeyObject; privateKey: KeyObject } =>
  pairs[algorithm]
export const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()

export type Signer = { alg: string; sign: (input: string) => Buffer }

export const hs256 = (secret: string): Signer => ({
  alg: 'HS256',
  sign: (input) => createHmac('sha256', secret).update(input).digest(),
})

export function signer(algorithm: Signed, key: KeyObject = keyPair(algorithm).privateKey): Signer {
  const digest = algorithm === 'EdDSA' ? null : 'sha256'
  return {
    alg: algorithm,
    sign: (input) => sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
  }
}

/** Written by hand, so that it can be wrong in every way. */
export function jws({ alg, sign: of }: Signer, payload: unknown, header: object = {}): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${part({ alg, typ: 'JWT', ...header })}.${part(payload)}`
  return `${input}.${of(input).toString('base64url')}`
}

let made = 0
/** What a portal says of ada, at `now` (ms since the epoch). */
export function claims(now: number, changed: object = {}): Record<string, unknown> {
  const iat = Math.floor(now / 1000)
  made += 1
  const said = { sub: 'u-17', name: 'ada', server: 'linux-1', role: 'operator', aud: CONSOLE }
  return { ...said, iat, exp: iat + 60, jti: `ticket-${made}`, ...changed }
}
