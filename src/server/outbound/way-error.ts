import type { WayFault } from '../../shared/cause.ts'
import { visibleText } from '../../shared/visible.ts'

/** A connection that did not come to be, where we know why. Its message holds no secret. */
export class WayError extends Error {
  override readonly name = 'WayError'

  constructor(
    /** null: none of the known ones */
    readonly fault: WayFault | null,
    message: string,
  ) {
    super(message)
  }
}

/**
 * What an error of Node's says. https://nodejs.org/api/errors.html, https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const faults: Readonly<Record<string, WayFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unknown',
  CERT_UNTRUSTED: 'certificate-unknown',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-early',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-name',
  HOSTNAME_MISMATCH: 'certificate-name',
  EPROTO: 'no-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ENOTFOUND: 'name-unknown',
  EAI_AGAIN: 'name-unknown',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
}

/**
 * Says why a connection failed. An error's own message may hold a URL with a token, so only its code is taken.
 * @param who the other end, as a sentence begins with it: `The gateway console.example.com:443`
 */
export function wayError(error: unknown, who: string): WayError {
  if (error instanceof WayError) return error
  const told = error instanceof AggregateError ? tellingOf(error) : error
  const code = codeOf(told)
  const fault = faultOf(told)
  return new WayError(fault, `${sentence(fault, who, told)}${code === null ? '' : ` (${code})`}.`)
}

/** A `DOMException`, such as that of an aborted call, has a number there that says nothing. */
const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
const faultOf = (error: unknown): WayFault | null => faults[codeOf(error) ?? ''] ?? null

/** A name may have several addresses. That there is no way to those of IPv6 says little, and the last one had most time. */
const tellingOf = ({ errors }: AggregateError): unknown =>
  errors.findLast((each) => faultOf(each) !== 'no-route') ?? errors.at(-1)

function sentence(fault: WayFault | null, who: string, error: unknown): string {
  switch (fault) {
    case 'certificate-unknown':
      return `${who} shows a certificate whose issuer is not trusted here`
    case 'certificate-expired':
      return `${who} shows a certificate that has expired`
    case 'certificate-early':
      return `${who} shows a certificate that is not valid yet`
    case 'certificate-name':
      return `${who} shows a certificate for other names${namesOf(error)}`
    case 'no-tls':
      return `${who} does not speak TLS as it should`
    case 'name-unknown':
      return `${who} has a name that does not resolve`
    case 'refused':
      return `${who} refused the connection`
    case 'no-route':
      return `${who} cannot be reached from this network`
    case 'timeout':
      return `${who} did not answer`
    default:
      return `${who} cannot be reached`
  }
}

/** The names that the certificate has. They come from the other end. */
function namesOf(error: unknown): string {
  if (!(error instanceof Error && 'cert' in error)) return ''
  const { cert } = error
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return ''
  return typeof cert.subjectaltname === 'string' ? `: ${visibleText(cert.subjectaltname.slice(0, 200))}` : ''
}
