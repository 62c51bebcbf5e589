import type { Failure } from '../../shared/cause.ts'
import { isSafeOrigin } from '../origins.ts'
import { isIpv6 } from './gateway-url.ts'

/**
 * Why a browser would not open this gateway from a page of ours. It tells the page little or nothing of that, so the
 * server, which knows both addresses, says it before.
 * @param url the socket's; the answer repeats nothing but its host
 * @param pageOrigin where the browser has the page from
 * @returns null: nothing that could be known here
 */
export function directObstacle(url: string, pageOrigin: string): Failure | null {
  const { host, hostname, origin, protocol } = new URL(url)
  if (isIpv6(hostname)) {
    return {
      cause: 'gateway-forbidden',
      detail: `The gateway is at ${host}, and a Content Security Policy cannot name an IPv6 address.`,
    }
  }
  // A page on https may open what stays on its own computer.
  // https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy
  if (
    pageOrigin.startsWith('https:') &&
    protocol === 'ws:' &&
    !isSafeOrigin(origin.replace('ws:', 'http:'))
  ) {
    return {
      cause: 'gateway-not-encrypted',
      detail: `The page is at ${pageOrigin}, the gateway at ${origin}.`,
    }
  }
  return null
}
