import { connect as connectTcp, isIP, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import {
  noProxies,
  type OutboundProxy,
  type ProxySettings,
  proxyFor,
  shownAt,
  type Target,
} from './proxies.ts'
import type { OutboundSettings } from './settings.ts'
import { secureOptions, usualTrust } from './trust.ts'
import { proxyLate, tunnel } from './tunnel.ts'
import { WayError, wayError } from './way-error.ts'

/** Node calls it with an error, or with the connection. */
type Done = (error: Error | null, socket: Socket) => void

/** Opens connections to serial gateways: who is trusted, and by which proxy. */
export class Dialler {
  readonly #proxies: ProxySettings
  readonly #secure: ReturnType<typeof secureOptions>

  constructor({ gatewayTls = usualTrust, proxies = noProxies }: Partial<OutboundSettings> = {}) {
    this.#proxies = proxies
    this.#secure = secureOptions(gatewayTls)
  }

  dial(target: Target): Dialling {
    return new Dialling(target, proxyFor(target, this.#proxies), this.#secure)
  }
}

/** One connection to a gateway, as it comes to be. */
export class Dialling {
  readonly #target: Target
  readonly #proxy: OutboundProxy | null
  readonly #secure: ReturnType<typeof secureOptions>
  /** The proxy is still to answer. */
  #atProxy: AbortController | null = null

  constructor(target: Target, proxy: OutboundProxy | null, secure: ReturnType<typeof secureOptions>) {
    this.#target = target
    this.#proxy = proxy
    this.#secure = secure
  }

  /** For Node's `http.request`: the connection, or later by `done`. */
  connect(done: Done): Socket | undefined {
    const { hostname, port } = this.#target
    if (!this.#proxy)
      return this.#target.secure ? this.#overTls({ port }) : connectTcp({ host: hostname, port })
    const waiting = new AbortController()
    this.#atProxy = waiting
    tunnel(this.#proxy, this.#target, waiting.signal)
      .finally(() => {
        this.#atProxy = null
      })
      .then(
        (socket) => done(null, this.#target.secure ? this.#overTls({ socket }) : socket),
        // Node's types want a socket beside an error. It is not looked at.
        (error: Error) => done(error, new Socket()),
      )
    return undefined
  }

  /** Nobody waits any more. A connection that is there belongs to who asked for it. */
  abandon(): void {
    this.#atProxy?.abort()
  }

  /** Why it failed */
  failed(error: unknown): WayError {
    return wayError(error, `The gateway ${shownAt(this.#target)}`)
  }

  /** No answer came in time. */
  late(ms: number): WayError {
    if (this.#proxy && this.#atProxy) return proxyLate(this.#proxy, ms)
    return new WayError(
      'timeout',
      `The gateway did not answer within ${ms / 1000} s. A firewall may be in the way.`,
    )
  }

  #overTls(over: { port: number } | { socket: Socket }): Socket {
    const { hostname } = this.#target
    return connectTls({
      ...this.#secure,
      ...over,
      host: hostname,
      servername: isIP(hostname) ? '' : hostname,
    })
  }
}
