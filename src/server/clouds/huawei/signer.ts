import { createHash, createHmac } from 'node:crypto'

export interface SignableRequest {
  method: string
  url: URL
  /** All are signed and sent as they are. Their values are ASCII. */
  headers: Readonly<Record<string, string>>
  body: string
}

const ALGORITHM = 'SDK-HMAC-SHA256'

/**
 * Signs a request with an access key, as Huawei Cloud's API gateway checks it.
 * @returns the headers to send: the given ones with `host`, `x-sdk-date` and `authorization`
 * @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */
export function signRequest(
  request: SignableRequest,
  key: { accessKey: string; secretKey: string },
  now: number,
): Record<string, string> {
  const date = `${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`
  const headers: Record<string, string> = { host: request.url.host, 'x-sdk-date': date }
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value.trim()
  const names = Object.keys(headers).sort()
  const signedHeaders = names.join(';')
  const canonical = [
    request.method.toUpperCase(),
    canonicalPath(request.url.pathname),
    canonicalQuery(request.url.searchParams),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    signedHeaders,
    sha256(request.body),
  ].join('\n')
  const toSign = [ALGORITHM, date, sha256(canonical)].join('\n')
  const signature = createHmac('sha256', key.secretKey).update(toSign).digest('hex')
  return {
    ...headers,
    authorization: `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  }
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Encodes each segment once. The path ends in `/`, whether the request's does or not. */
function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/')
  return encoded.endsWith('/') ? encoded : `${encoded}/`
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
