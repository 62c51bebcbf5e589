import { CloudError } from '../clouds/cloud.ts'

export interface GatewayPattern {
  /** In lower case; with `wildcard`, the part after `*.`. */
  host: string
  wildcard: boolean
  /** null: 443, and wss only. A token that passes unencrypted must be asked for, by naming the port. */
  port: string | null
}

/**
 * `console.example.com`, `console.example.com:8003`, `[::1]:6083` or `*.example.com:443` (one label deep).
 * @returns null when the text is none of these
 */
export function parseGatewayPattern(text: string): GatewayPattern | null {
  const match = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(text)
  const host = match?.[2]
  if (!match || !host) return null
  const wildcard = match[1] !== undefined
  // `*.com` would allow far too much.
  if (wildcard && (!host.includes('.') || /^[\d.]+$/.test(host))) return null
  const port = match[3] ?? null
  if (port !== null && (Number(port) < 1 || Number(port) > 65535)) return null
  return { host: host.toLowerCase(), wildcard, port }
}

/** A Content Security Policy cannot name an IPv6 address, so a browser opens no such gateway. */
export const isIpv6 = (gateway: string): boolean => gateway.startsWith('[')

/** The CSP source expressions that let the page connect to the allowed gateways. */
export function gatewayCspSources(gateways: readonly string[]): string[] {
  const named = gateways.filter((gateway) => !isIpv6(gateway))
  return named.flatMap((gateway) =>
    parseGatewayPattern(gateway)?.port == null
      ? [`wss://${gateway}`]
      : [`wss://${gateway}`, `ws://${gateway}`],
  )
}

/**
 * Turns the cloud's console URL into the socket's: http(s) becomes ws(s). Host, port, path and query stay: on Huawei
 * Cloud the path names the pod and the query holds the token (BMS API, "Obtaining the remote login address").
 * @throws CloudError `console-url-refused` naming the host (never the token), `cloud-error` when it is no URL
 */
export function toSocketUrl(consoleUrl: string, gateways: readonly string[]): string {
  let url: URL
  try {
    url = new URL(consoleUrl)
  } catch (error) {
    // The parser's error repeats its input, which holds a token, so it is not passed on.
    void error
    throw new CloudError({
      cause: 'cloud-error',
      detail: 'The cloud returned a console address that is not a URL.',
    })
  }
  const scheme = socketSchemes.get(url.protocol)
  if (!scheme) {
    throw refused(`The cloud returned a console address with the scheme ${url.protocol.replace(':', '')}.`)
  }
  if (url.username || url.password)
    throw refused('The cloud returned a console address with a user name in it.')
  const defaultPort = scheme === 'wss:' ? '443' : '80'
  const port = url.port || defaultPort
  const allowed = gateways.some((gateway) => {
    const pattern = parseGatewayPattern(gateway)
    if (!pattern || (pattern.port === null ? scheme !== 'wss:' || port !== '443' : pattern.port !== port))
      return false
    if (!pattern.wildcard) return url.hostname === pattern.host
    const label = url.hostname.slice(0, -pattern.host.length - 1)
    return url.hostname.endsWith(`.${pattern.host}`) && label !== '' && !label.includes('.')
  })
  if (!allowed) {
    throw refused(
      `The cloud's console is at ${scheme}//${url.hostname}:${port}, which BMS_CONSOLE_GATEWAYS does not list.`,
    )
  }
  return `${scheme}//${url.host}${url.pathname}${url.search}`
}

const socketSchemes = new Map([
  ['http:', 'ws:'],
  ['https:', 'wss:'],
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
])

const refused = (detail: string) => new CloudError({ cause: 'console-url-refused', detail })
