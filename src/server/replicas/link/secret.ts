import { hkdfSync } from 'node:crypto'

/** All keys that come from the replicas' secret have names of their own: none tells anything of another. */
const NAME = 'bms-console link'
/** Known by its key alone. The name only says for what it is. */
const IDENTITY = 'bms-console'
const KEY_BYTES = 32

/**
 * Both ends show that they know the secret, and neither shows it: there are no certificates to issue or to renew. With
 * TLS 1.3 OpenSSL agrees on a fresh key by ECDHE, too, so the secret opens no connection of the past. Node's callbacks
 * give keys for SHA-256 only.
 */
const shared = {
  minVersion: 'TLSv1.3' as const,
  ciphers: 'TLS_AES_128_GCM_SHA256',
  ALPNProtocols: ['bms-console-1'],
}

/** Trusted issuers of certificates */
const nobody: string[] = []

export type LinkSecret = ReturnType<typeof linkSecret>

/** @returns the TLS options of both ends */
export function linkSecret(secret: string) {
  const psk = Buffer.from(hkdfSync('sha256', secret, '', NAME, KEY_BYTES))
  return {
    server: {
      ...shared,
      pskCallback: (_socket: unknown, identity: string) => (identity === IDENTITY ? psk : null),
    },
    client: {
      ...shared,
      pskCallback: () => ({ psk, identity: IDENTITY }),
      // A certificate in place of the key shows a stranger, whoever issued it.
      ca: nobody,
    },
  }
}
