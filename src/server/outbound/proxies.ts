import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { addressMatcher, addressRange } from '../addresses.ts'

/** A proxy that connects us to what is outside, by CONNECT. */
export interface OutboundProxy {
  /** Without brackets */
  hostname: string
  port: number
  /** The connection to the proxy itself is TLS. */
  secure: boolean
  /** The value of `Proxy-Authorization`. Secret */
  authorization: string | null
  /** The setting that names it, for errors */
  setting: string
}

/** What is connected to directly: an entry of `NO_PROXY`. */
export type Exception =
  | { kind: 'all' }
  /** The domain and all below it */
  | { kind: 'domain'; domain: string; port: number | null }
  | { kind: 'addresses'; range: string; port: number | null }

export interface ProxySettings {
  /** For https and wss. null: none */
  https: OutboundProxy | null
  /** For http and ws */
  http: OutboundProxy | null
  except: readonly Exception[]
}

export const noProxies: ProxySettings = { https: null, http: null, except: [] }

export interface Target {
  /** Without brackets */
  hostname: string
  port: number
  /** https or wss */
  secure: boolean
}

export function targetOf(url: URL): Target {
  const secure = url.protocol === 'https:' || url.protocol === 'wss:'
  return { hostname: unbracketed(url.hostname), port: Number(url.port) || (secure ? 443 : 80), secure }
}

/** `example.com:443` or `[::1]:443`, for CONNECT and for errors. */
export const shownAt = ({ hostname, port }: Pick<Target, 'hostname' | 'port'>) =>
  `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`

/** For people who start the server: who is asked for connections, without credentials */
export const shownProxies = ({ https, http }: ProxySettings): string[] =>
  [https, http].flatMap((proxy) => (proxy ? [`${proxy.setting}: ${shownAt(proxy)}`] : []))

/** @returns null: it is connected to directly */
export function proxyFor(target: Target, { https, http, except }: ProxySettings): OutboundProxy | null {
  const proxy = target.secure ? https : http
  if (!proxy) return null
  const hostname = bare(target.hostname)
  // What a proxy calls loopback is its own machine. Go's and Chromium's clients leave it out as well.
  if (isLoopback(hostname)) return null
  return except.some((exception) => matches(exception, hostname, target.port)) ? null : proxy
}

function matches(exception: Exception, hostname: string, port: number): boolean {
  if (exception.kind === 'all') return true
  if (exception.port !== null && exception.port !== port) return false
  switch (exception.kind) {
    case 'domain':
      // An address is below no domain.
      return (
        hostname === exception.domain || (isIP(hostname) === 0 && hostname.endsWith(`.${exception.domain}`))
      )
    case 'addresses':
      return addressMatcher([exception.range])(hostname)
  }
}

const loopbackAddress = addressMatcher(['127.0.0.0/8', '::1'])
const isLoopback = (hostname: string) =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || loopbackAddress(hostname)

const unbracketed = (hostname: string) => hostname.replace(/^\[|\]$/g, '')
/** In lower case, without brackets and without the dot of the root */
const bare = (hostname: string) => unbracketed(hostname).toLowerCase().replace(/\.$/, '')

/**
 * Reads `NO_PROXY` as curl does: domains with all below them, with or without a leading dot; addresses; CIDR blocks; `*`
 * for everything. Any but `*` may have a port, as Go's clients allow.
 * https://curl.se/docs/manpage.html#NOPROXY
 * @returns null where it is none of these
 */
export function parseExceptions(text: string): Exception[] | null {
  const parsed = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseException)
  const exceptions = parsed.filter((exception) => exception !== null)
  return exceptions.length === parsed.length ? exceptions : null
}

function parseException(text: string): Exception | null {
  if (text === '*') return { kind: 'all' }
  if (addressRange(text)) return { kind: 'addresses', range: text, port: null }
  const [, host = '', digits] = /^(\[[^\]]+\]|[^:/?#@]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = digits === undefined ? null : Number(digits)
  if (port !== null && (port < 1 || port > 65_535)) return null
  const name = bare(host)
  if (addressRange(name)) return { kind: 'addresses', range: name, port }
  const domain = domainToASCII(name.replace(/^\*?\./, ''))
  return /^[\w-]+(\.[\w-]+)*$/.test(domain) ? { kind: 'domain', domain, port } : null
}

/**
 * @param text a URL; a host alone stands for its http URL, as in curl
 * @returns null where it names no http or https proxy
 */
export function parseProxy(text: string): Omit<OutboundProxy, 'setting'> | null {
  let url: URL
  try {
    url = new URL(text.includes('://') ? text : `http://${text}`)
  } catch {
    return null
  }
  const secure = url.protocol === 'https:'
  if ((!secure && url.protocol !== 'http:') || url.hostname === '') return null
  if (url.pathname !== '/' || url.search || url.hash) return null
  const credentials = decoded(url.username, url.password)
  if (credentials === null) return null
  return {
    hostname: bare(url.hostname),
    port: Number(url.port) || (secure ? 443 : 80),
    secure,
    authorization:
      credentials === ':' ? null : `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}`,
  }
}

/** @returns `name:password`; null where they are not well encoded */
function decoded(name: string, password: string): string | null {
  try {
    return `${decodeURIComponent(name)}:${decodeURIComponent(password)}`
  } catch {
    return null
  }
}
