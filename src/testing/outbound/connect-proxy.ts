import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Certificate } from './certificates.ts'

interface ConnectProxyOptions {
  /** `name:password`, without which nobody is served */
  credentials?: string
  /** Answers every CONNECT with this; `hangs`: with nothing */
  answer?: number | 'hangs'
  /** Where a name leads. The proxy resolves it; the one who asks need not be able to. */
  resolve?: Record<string, string>
  /** It speaks TLS itself. */
  tls?: Certificate
}

/** A forward proxy as companies have them: it connects its clients by CONNECT. */
export async function connectProxy({ credentials, answer, resolve = {}, tls }: ConnectProxyOptions = {}) {
  /** What it was asked for, e.g. `example.com:443` */
  const asked: string[] = []
  const held = new Set<Duplex>()
  let told = () => {}
  const server = tls ? createTlsServer(tls) : createServer()
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = request.url ?? ''
    asked.push(target)
    told()
    held.add(client.on('error', () => {}))
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
    if (wanted && request.headers['proxy-authorization'] !== wanted)
      return client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n')
    if (answer === 'hangs') return client.resume().on('end', () => client.end())
    if (answer !== undefined) return client.end(`HTTP/1.1 ${answer} No\r\n\r\n`)
    const { hostname, port } = new URL(`tcp://${target}`)
    const upstream = connect(Number(port), resolve[hostname] ?? hostname)
    held.add(upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')))
    upstream.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) upstream.write(head)
      upstream.pipe(client)
      client.pipe(upstream)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    for (const socket of held) socket.destroy()
    server.closeAllConnections()
    server.close()
  }
  onTestFinished(close)
  const { port } = server.address() as AddressInfo
  return {
    asked,
    held,
    port,
    /** Loopback by a name that is no loopback's, because what is on loopback needs no proxy. */
    host: `127.0.0.1:${port}`,
    /** Resolves when it is asked next. */
    next: () =>
      new Promise<void>((resolve) => {
        told = resolve
      }),
  }
}
