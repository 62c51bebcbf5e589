import { Agent, fetch as undiciFetch } from 'undici'

export interface TlsOptions {
  /** Certificates to trust instead of the system's, PEM */
  ca: string | null
  /** False: no certificate is checked, so any server may pose as the cloud. */
  verify: boolean
}

/**
 * The longest headers that an answer may have. A token comes in a header, and Huawei Cloud's have up to 32,768
 * characters. Node's own `fetch` stops at 16 KiB.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
const MAX_HEADERS = 64 * 1024

/** Node's own `fetch` has no option for trusted certificates and none for long headers; undici's has. */
export function fetchOver({ ca, verify }: TlsOptions = { ca: null, verify: true }): typeof fetch {
  const trusted = ca === null ? {} : { connect: { ca } }
  const dispatcher = new Agent({
    maxHeaderSize: MAX_HEADERS,
    ...(verify ? trusted : { connect: { rejectUnauthorized: false } }),
  })
  // Node's fetch is undici's. Only the names of the types differ.
  const over = (input: string | URL, init?: RequestInit) =>
    undiciFetch(input, { ...(init as Parameters<typeof undiciFetch>[1]), dispatcher })
  return over as unknown as typeof fetch
}
