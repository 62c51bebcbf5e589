import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, rootCertificates, type SecureContextOptions } from 'node:tls'

export interface TlsOptions {
  /** Certificates to trust instead of those that come with Node, PEM */
  ca: string | null
  /** False: no certificate is checked, so any server may pose as the other end. */
  verify: boolean
}

export const usualTrust: TlsOptions = { ca: null, verify: true }

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Reads a file of certificates.
 * @returns the certificates, or why there are none, in words that go on after the name of the setting
 */
export function readCertificates(path: string): { pem: string } | { why: string } {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    return { why: `names a file that cannot be read (${code})` }
  }
  const found = certificatesIn(pem)
  return 'why' in found ? found : { pem }
}

/** @returns the certificates in the order of the file, of which there is one at least, or why there are none */
export function certificatesIn(pem: string): { certificates: X509Certificate[] } | { why: string } {
  const found = pem.match(CERTIFICATE) ?? []
  if (found.length === 0) return { why: 'names a file without a certificate in PEM' }
  try {
    return { certificates: found.map((each) => new X509Certificate(each)) }
  } catch {
    // Node passes over what it cannot read, and would then trust nobody.
    return { why: 'names a file with a certificate that cannot be read' }
  }
}

/** What a TLS connection is opened with. Made once: to read all public CAs takes tens of ms and a MiB. */
export function secureOptions({ ca, verify }: TlsOptions): SecureContextOptions & {
  secureContext?: ReturnType<typeof createSecureContext>
  rejectUnauthorized?: boolean
} {
  if (!verify) return { rejectUnauthorized: false }
  return ca === null ? {} : { secureContext: createSecureContext({ ca }) }
}

/**
 * The certificates that Node trusts by itself, with those of `NODE_EXTRA_CA_CERTS`, and more.
 * Node has no list of both before version 22.
 */
export function usualCertificatesAnd(more: string, env: NodeJS.ProcessEnv): string {
  const extra = env.NODE_EXTRA_CA_CERTS ? readCertificates(env.NODE_EXTRA_CA_CERTS) : { why: 'unset' }
  return [...rootCertificates, ...('pem' in extra ? [extra.pem] : []), more].join('\n')
}
