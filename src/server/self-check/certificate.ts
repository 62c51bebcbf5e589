import { X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import { rootCertificates } from 'node:tls'
import type { Config } from '../config.ts'
import { targetOf } from '../outbound/proxies.ts'
import { certificatesIn } from '../outbound/trust.ts'
import { CERT, day, KEY } from '../tls/key-pair.ts'
import type { Finding } from './finding.ts'

const about = 'certificate'
const SOON_MS = 30 * 86_400_000
const OTHERS_MAY_READ = 0o004

/** Whether browsers accept what this server shows. The settings have refused a pair that none would. */
export async function* checkCertificate(
  { tls, publicOrigins }: Pick<Config, 'tls' | 'publicOrigins'>,
  now = Date.now(),
): AsyncGenerator<Finding> {
  if (!tls) return
  const found = certificatesIn(tls.pair.cert)
  const [own] = 'why' in found ? [] : found.certificates
  if ('why' in found || !own) return
  const { until } = tls.pair
  yield until - now < SOON_MS
    ? { state: 'warning', about, says: `It expires on ${day(until)}.` }
    : { state: 'ok', about, says: `Good until ${day(until)}.` }
  for (const origin of publicOrigins ?? []) {
    const { hostname } = targetOf(new URL(origin))
    if (!isFor(own, hostname))
      yield {
        state: 'wrong',
        about,
        says: `${CERT} is for other names than ${hostname}: browsers refuse it.`,
      }
  }
  const gap = missingIssuer(found.certificates)
  if (gap) yield { state: 'warning', about, says: gap }
  // On systems without such modes, all are closed.
  if (((await stat(tls.keyFile)).mode & OTHERS_MAY_READ) !== 0)
    yield { state: 'warning', about, says: `Every user of this machine may read the file of ${KEY}.` }
}

const isFor = (certificate: X509Certificate, hostname: string) =>
  (isIP(hostname) ? certificate.checkIP(hostname) : certificate.checkHost(hostname)) !== undefined

/** Browsers know roots alone. What leads to one must come with the certificate. */
function missingIssuer(chain: readonly X509Certificate[]): string | null {
  const last = chain.at(-1)
  if (!last || last.checkIssued(last)) return null
  const known = rootCertificates.some((pem) => last.checkIssued(new X509Certificate(pem)))
  return known
    ? null
    : `${CERT} ends with a certificate whose issuer is no public CA. With a CA of your own that is right; else those in between are missing.`
}
