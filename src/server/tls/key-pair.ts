import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { errorCode } from '../error-code.ts'
import { certificatesIn } from '../outbound/trust.ts'

/** A certificate and its private key, as this server shows them to browsers */
export interface KeyPair {
  /** The certificate, and those that lead from it to a root, PEM */
  cert: string
  /** PEM. It is a secret. */
  key: string
  /** When it expires, epoch ms */
  until: number
}

/** What is wrong with a pair, as a sentence without its full stop. It names the setting, and holds nothing of the key. */
export interface PairFault {
  fault: string
}

export const CERT = 'BMS_CONSOLE_TLS_CERT'
export const KEY = 'BMS_CONSOLE_TLS_KEY'

/** @param setting of a file that could not be read */
export const unreadable = (setting: string, error: unknown): PairFault => ({
  fault: `${setting} names a file that cannot be read (${errorCode(error)})`,
})

/**
 * Whether browsers can be served with these. A pair that no browser accepts is refused, so that it is the start that
 * fails, and not the page.
 */
export function keyPair(pem: { cert: string; key: string }, now: number): KeyPair | PairFault {
  const found = certificatesIn(pem.cert)
  if ('why' in found) return { fault: `${CERT} ${found.why}` }
  const [own, ...others] = found.certificates
  if (!own) return { fault: `${CERT} names a file without a certificate in PEM` }
  const key = privateKey(pem.key)
  if ('fault' in key) return key
  if (!own.checkPrivateKey(key.key)) return { fault: mismatch(others, key.key) }
  const [from, until] = [Date.parse(own.validFrom), Date.parse(own.validTo)]
  if (now > until) return { fault: `${CERT} names a certificate that expired on ${day(until)}` }
  if (now < from) return { fault: `${CERT} names a certificate that is not valid before ${day(from)}` }
  try {
    createSecureContext(pem)
  } catch (error) {
    return { fault: `${CERT} and ${KEY} cannot be used for TLS (${errorCode(error)})` }
  }
  return { ...pem, until }
}

/** The date, by UTC */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

function privateKey(pem: string): { key: KeyObject } | PairFault {
  if (!pem.includes('PRIVATE KEY-----')) return { fault: `${KEY} names a file without a private key in PEM` }
  // OpenSSL's own error for this differs from version to version. RFC 1421 and RFC 5958
  if (pem.includes('ENCRYPTED'))
    return {
      fault: `${KEY} names a key with a password, which nobody could type at a start: store it without`,
    }
  try {
    return { key: createPrivateKey(pem) }
  } catch (error) {
    return { fault: `${KEY} names a file with a key that cannot be read (${errorCode(error)})` }
  }
}

function mismatch(others: readonly X509Certificate[], key: KeyObject): string {
  return others.some((certificate) => certificate.checkPrivateKey(key))
    ? `${CERT} names a file in which the certificate of ${KEY} is not the first one`
    : `${KEY} names the key of another certificate than ${CERT}`
}
