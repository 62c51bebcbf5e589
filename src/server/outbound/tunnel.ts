import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import type { WayFault } from '../../shared/cause.ts'
import { type OutboundProxy, shownAt, type Target } from './proxies.ts'
import { WayError, wayError } from './way-error.ts'

/**
 * Asks a proxy for a connection to the target. https://www.rfc-editor.org/rfc/rfc9110#name-connect
 * @param signal ends the attempt, and does nothing to a connection that is there
 * @throws WayError
 */
export function tunnel(proxy: OutboundProxy, target: Target, signal: AbortSignal): Promise<Socket> {
  const to = shownAt(target)
  const host = { host: proxy.hostname, port: proxy.port }
  const request = (proxy.secure ? requestHttps : requestHttp)({
    ...host,
    method: 'CONNECT',
    path: to,
    agent: false,
    headers: {
      host: to,
      ...(proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization }),
    },
  })
  const end = () => request.destroy()
  return new Promise<Socket>((resolve, reject) => {
    // A proxy's answer to CONNECT comes here whatever its status is.
    request.once('connect', ({ statusCode = 0 }, socket, head) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head)
        return resolve(socket)
      }
      socket.destroy()
      reject(refusal(statusCode, proxy, to))
    })
    request.once('error', (error) => reject(proxyError(error, proxy)))
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    request.end()
  }).finally(() => signal.removeEventListener('abort', end))
}

/** `The proxy proxy.example.com:3128 (HTTPS_PROXY)` */
const named = (proxy: OutboundProxy) => `The proxy ${shownAt(proxy)} (${proxy.setting})`

function refusal(status: number, proxy: OutboundProxy, to: string): WayError {
  const [fault, says]: [WayFault, string] =
    status === 407
      ? ['proxy-credentials', 'wants other credentials']
      : status >= 500
        ? ['proxy-failed', `could not connect to ${to}`]
        : ['proxy-refused', `refuses to connect to ${to}`]
  return new WayError(fault, `${named(proxy)} ${says}: HTTP ${status}. NO_PROXY names what needs no proxy.`)
}

/** No connection to the proxy itself. */
function proxyError(error: unknown, proxy: OutboundProxy): WayError {
  const { message } = wayError(error, named(proxy))
  return new WayError('proxy-unreachable', message)
}

/** The proxy has not answered yet. */
export const proxyLate = (proxy: OutboundProxy, ms: number) =>
  new WayError(
    'proxy-timeout',
    `${named(proxy)} did not answer within ${ms / 1000} s. A firewall may be in the way.`,
  )
