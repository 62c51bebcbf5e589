import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Checks an access key's signature on the bytes as they arrived, by the documented algorithm. It shares no code with the
 * client that signs: a mistake in shared code would go unseen.
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 */

export interface SignedRequest {
  method: string
  /** Path and query as they were sent */
  target: string
  headers: IncomingHttpHeaders
  body: string
}

export interface AccessKey {
  accessKey: string
  secretKey: string
}

/** How far the clocks may be apart */
const SKEW_MS = 15 * 60_000

/** @returns why the request is refused, in the API gateway's words; null if the signature is good */
export function refuseSignature(request: SignedRequest, key: AccessKey, now: number): string | null {
  const { headers } = request
  const parts =
    /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  const [, access, list = '', signature = ''] = parts ?? []
  if (!parts) return 'authorization format is not correct'
  if (access !== key.accessKey) return `get secretKey failed, ak: ${access}`
  const date = String(headers['x-sdk-date'] ?? '')
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const sentAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(sentAt) || Math.abs(now - sentAt) > SKEW_MS) return 'signature expired'
  const names = list.split(';')
  // A header that is not signed could be changed on the way.
  if (!names.includes('x-sdk-date') || !names.includes('host')) return 'verify aksk signature fail'
  const [path = '', query = ''] = request.target.split('?', 2)
  const canonical = `${request.method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${names
    .map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
    .join('')}\n${list}\n${hash(request.body)}`
  const wanted = createHmac('sha256', key.secretKey)
    .update(`SDK-HMAC-SHA256\n${date}\n${hash(canonical)}`)
    .digest()
  return timingSafeEqual(wanted, Buffer.from(signature, 'hex')) ? null : 'verify aksk signature fail'
}

const hash = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** Encodes byte by byte: letters, digits and `-_.~` stay, all else becomes `%XX`. */
function percent(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes) {
    const char = String.fromCharCode(byte)
    text += /[A-Za-z0-9_.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

/** Decodes a part of a URL to bytes: `%XX` becomes a byte, the rest stays. */
function meant(part: string): Buffer {
  const bytes: number[] = []
  for (let at = 0; at < part.length; at++) {
    const hex = /^%([0-9A-Fa-f]{2})/.exec(part.slice(at, at + 3))
    if (hex) at += 2
    bytes.push(hex ? Number.parseInt(hex[1] ?? '', 16) : part.charCodeAt(at))
  }
  return Buffer.from(bytes)
}

function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => percent(meant(segment)))
    .join('/')
  return encoded.endsWith('/') ? encoded : `${encoded}/`
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.replaceAll('+', '%20').split('=')
      return [percent(meant(name)), percent(meant(rest.join('=')))] as const
    })
    .sort(([a, x], [b, y]) => Buffer.compare(Buffer.from(`${a}\0${x}`), Buffer.from(`${b}\0${y}`)))
    .map((pair) => pair.join('='))
    .join('&')
}
