import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../shared/clock.ts'
import type { Machine } from './machines/machine.ts'

/** websockify answers a close without a status with this frame: status 1005, which may not be sent. */
const CLOSE_1005 = Buffer.from([0x88, 0x02, 0x03, 0xed])
/** How long a refused connection lives, as measured with nova-serialproxy */
const REFUSAL_MS = 80
const HIGH_WATER = 512 * 1024

interface Issued {
  machine: Machine
  expiresAt: number
  path: string
}

/**
 * A serial gateway that behaves like nova-serialproxy. It accepts the handshake before it looks at token and Origin,
 * speaks binary frames only, drops a refused connection without a word, and answers a close with an invalid frame.
 */
export class Gateway {
  #http: Server | null = null
  #port: number
  readonly #tokens = new Map<string, Issued>()
  readonly #sockets = new Set<Duplex>()
  readonly #viewers = new Set<WebSocket>()

  constructor(
    readonly host: string,
    port: number,
    readonly path: string,
    readonly allowedOrigins: Pick<readonly string[], 'includes'>,
    readonly clock: Clock,
  ) {
    this.#port = port
  }

  get address(): string {
    return `${this.host}:${this.#port}`
  }

  get connections(): number {
    return this.#viewers.size
  }

  /** @param path the URL's path, which differs between the clouds. The token is good only there. */
  issue(token: string, machine: Machine, expiresAt: number, path = this.path): void {
    this.#tokens.set(token, { machine, expiresAt, path })
  }

  expireTokens(): void {
    this.#tokens.clear()
  }

  async listen(): Promise<void> {
    const http = createServer((_, response) => response.writeHead(405).end())
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has('binary') ? 'binary' : false),
    })
    http.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    http.on('upgrade', (request, socket, head) => {
      // websockify splits without trimming, so it does not find "binary" behind another offer of a browser.
      const offered = request.headers['sec-websocket-protocol']?.split(',')
      if (offered && !offered.includes('binary')) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
        return
      }
      sockets.handleUpgrade(request, socket, head, (viewer) => {
        answerCloseInvalidly(viewer, socket)
        this.#accept(viewer, request)
      })
    })
    http.listen(this.#port, this.host)
    await once(http, 'listening')
    this.#port = (http.address() as AddressInfo).port
    this.#http = http
  }

  /** Crashes: connections drop without a close frame, and the port is closed. */
  async kill(): Promise<void> {
    const http = this.#http
    this.#http = null
    for (const socket of this.#sockets) socket.destroy()
    if (!http) return
    http.close()
    await once(http, 'close')
  }

  #accept(viewer: WebSocket, request: IncomingMessage): void {
    viewer.on('error', () => {})
    const url = new URL(request.url ?? '/', 'http://gateway')
    const issued = this.#tokens.get(url.searchParams.get('token') ?? '')
    const good =
      issued &&
      issued.expiresAt > this.clock.now() &&
      url.pathname === issued.path &&
      this.#originAllowed(request)
    if (!good) {
      this.clock.after(REFUSAL_MS, () => viewer.terminate())
      return
    }
    this.#serve(viewer, issued.machine)
  }

  #originAllowed({ headers }: IncomingMessage): boolean {
    const { origin } = headers
    if (origin === undefined) return true
    return this.allowedOrigins.includes(origin) || origin === `http://${headers.host}`
  }

  #serve(viewer: WebSocket, machine: Machine): void {
    this.#viewers.add(viewer)
    // A second reader of the port stays connected and hears nothing.
    const reader = machine.attach((bytes) => {
      viewer.send(bytes, { binary: true }, () => {
        if (viewer.bufferedAmount < HIGH_WATER / 2) machine.hold(false)
      })
      if (viewer.bufferedAmount > HIGH_WATER) machine.hold(true)
    })
    viewer.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) viewer.close(1003, 'Unsupported: Text frames are not supported')
      else if (reader) machine.write(data)
    })
    viewer.on('close', () => {
      this.#viewers.delete(viewer)
      if (reader) machine.detach()
    })
  }
}

/** To answer a peer's close, `ws` calls `close` on the open socket, without a code if the peer gave none. */
function answerCloseInvalidly(viewer: WebSocket, socket: Duplex): void {
  const close = viewer.close.bind(viewer)
  viewer.close = (code, reason) => {
    if (code === undefined && viewer.readyState === WebSocket.OPEN) socket.end(CLOSE_1005)
    else close(code, reason)
  }
}
