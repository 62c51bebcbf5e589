import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedRequest {
  method: string
  /** Path and query as they came, e.g. `/v1/p/baremetalservers/detail?limit=5`. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Uint8Array
}

const ALGORITHM = 'SDK-HMAC-SHA256'
/** How far the caller's clock may be from ours. */
const MAX_SKEW_MS = 15 * 60_000

/**
 * Verifies an AK/SK signature as the API gateway does: the canonical request is rebuilt from what arrived.
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-005.html
 * @returns null when it is right, else one sentence that says what is not
 */
export function signatureFault(
  request: SignedRequest,
  keys: { accessKey: string; secretKey: string },
  now: number,
): string | null {
  const header = single(request, 'authorization')
  const match =
    /^SDK-HMAC-SHA256 Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(header)
  const [, access, signedHeaders, signature] = match ?? []
  if (!access || !signedHeaders || !signature) return 'authorization header not valid'
  if (access !== keys.accessKey) return 'app_key not exist'
  const date = single(request, 'x-sdk-date')
  const sentAt = parseBasicDate(date)
  if (sentAt === null) return 'X-Sdk-Date header not valid'
  if (Math.abs(sentAt - now) > MAX_SKEW_MS) return 'signature expired'

  const names = signedHeaders.split(';')
  if (
    names.join(';') !==
    [...names]
      .map((name) => name.toLowerCase())
      .sort()
      .join(';')
  ) {
    return 'SignedHeaders not in lower case and order'
  }
  if (!names.includes('x-sdk-date')) return 'X-Sdk-Date not signed'
  const [path = '', query = ''] = splitOnce(request.url, '?')
  const claimedHash = single(request, 'x-sdk-content-sha256')
  const canonicalRequest = [
    request.method.toUpperCase(),
    canonicalPath(path),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${single(request, name).trim()}`),
    '',
    signedHeaders,
    claimedHash || sha256(request.body),
  ].join('\n')
  const expected = createHmac('sha256', keys.secretKey)
    .update([ALGORITHM, date, sha256(canonicalRequest)].join('\n'))
    .digest('hex')
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? null : 'verify aksk signature fail'
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')

function single(request: SignedRequest, name: string): string {
  const value = request.headers[name]
  return (Array.isArray(value) ? value.join(',') : value) ?? ''
}

/** `20261124T101500Z` in milliseconds. */
function parseBasicDate(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return null
  const [, year, month, day, hours, minutes, seconds] = match
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`)
  return Number.isNaN(time) ? null : time
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** RFC 3986: everything but letters, digits and `-_.~` is escaped. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The canonical URI always ends in a slash. */
function canonicalPath(path: string): string {
  const escaped = path
    .split('/')
    .map((part) => escape(unescape(part)))
    .join('/')
  return escaped.endsWith('/') ? escaped : `${escaped}/`
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs = query.split('&').map((pair) => {
    const [key, value] = splitOnce(pair, '=')
    return [escape(unescape(key)), escape(unescape(value))] as const
  })
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
  return pairs.map(([key, value]) => `${key}=${value}`).join('&')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
