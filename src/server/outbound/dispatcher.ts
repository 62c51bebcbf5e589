import { Agent, buildConnector, type Dispatcher } from 'undici'
import { noProxies, type ProxySettings, proxyFor } from './proxies.ts'
import { secureOptions, type TlsOptions, usualTrust } from './trust.ts'
import { proxyLate, tunnel } from './tunnel.ts'

/**
 * The longest headers that an answer may have. A token comes in a header, and Huawei Cloud's have up to 32,768
 * characters. Node's own `fetch` stops at 16 KiB.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
const MAX_HEADERS = 64 * 1024
/** Less than a call to the cloud may take by default, so that the error names the proxy. */
const PROXY_MS = 8_000

export interface DispatcherOptions {
  tls?: TlsOptions | undefined
  proxies?: ProxySettings | undefined
}

/**
 * Opens connections for requests of HTTP. Node's own `fetch` has no option for trusted certificates, none for long
 * headers, and knows no proxies. undici's connections can be opened by any function. undici's own agent for proxies
 * reads `NO_PROXY` without CIDR blocks, and reports a refusal of the proxy as an aborted request.
 */
export function dispatcherOver({
  tls = usualTrust,
  proxies = noProxies,
}: DispatcherOptions = {}): Dispatcher {
  const connect = buildConnector(secureOptions(tls))
  return new Agent({
    maxHeaderSize: MAX_HEADERS,
    connect(options, callback) {
      const secure = options.protocol === 'https:'
      const target = { hostname: options.hostname, port: Number(options.port) || (secure ? 443 : 80), secure }
      const proxy = proxyFor(target, proxies)
      if (!proxy) return connect(options, callback)
      const late = AbortSignal.timeout(PROXY_MS)
      tunnel(proxy, target, late).then(
        (httpSocket) => (secure ? connect({ ...options, httpSocket }, callback) : callback(null, httpSocket)),
        (error: Error) => callback(late.aborted ? proxyLate(proxy, PROXY_MS) : error, null),
      )
    },
  })
}
