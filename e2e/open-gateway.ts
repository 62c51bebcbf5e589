import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket, WebSocketServer } from 'ws'
import { addressOf, listeningGateway } from '../src/testing/gateway.ts'
import { test as stackTest } from './stack.ts'

/** A gateway whose machine is the test: it keeps what was typed, prints what it is told, and drops the line. */
export class OpenGateway {
  readonly #server: WebSocketServer
  #line: WebSocket | null = null
  readonly #lines = new Map<string, WebSocket>()
  #refuses = false
  /** All that was typed, over all connections. */
  typed = ''
  /** What was typed, by the server whose line it was. */
  readonly typedAt = new Map<string, string>()
  /** All that was typed, as it came. */
  typedBytes = Buffer.alloc(0)
  /** How many of this connection's bytes the relay knows to be here: its ping came after them, and was answered. */
  proved = 0

  private constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (line, { url = '' }) => {
      line.on('error', () => {})
      if (this.#refuses) return line.terminate()
      const serverId = new URL(url, 'ws://gateway').searchParams.get('token') ?? ''
      this.#line = line
      this.#lines.set(serverId, line)
      line.on('message', (bytes: Buffer) => {
        this.typed += bytes.toString()
        this.typedAt.set(serverId, (this.typedAt.get(serverId) ?? '') + bytes.toString())
        this.typedBytes = Buffer.concat([this.typedBytes, bytes])
      })
      line.on('ping', (count: Buffer) => {
        this.proved = Number(count.toString())
      })
      this.print('ready\r\n')
    })
  }

  static async start(): Promise<OpenGateway> {
    return new OpenGateway(await listeningGateway())
  }

  /** host:port */
  get address(): string {
    return addressOf(this.#server)
  }

  /**
   * @param text as UTF-8; or bytes, as they are
   * @param serverId whose line says it; without it, the line that came last
   */
  print(text: string | Uint8Array, serverId?: string): void {
    const line = serverId === undefined ? this.#line : this.#lines.get(serverId)
    line?.send(typeof text === 'string' ? Buffer.from(text) : text)
  }

  /** Resolves when so much was typed. */
  async got(bytes: number): Promise<void> {
    while (this.typed.length < bytes) await delay(5)
  }

  /** Drops the line, and takes no other until `goOn`. */
  drop(): void {
    this.#refuses = true
    this.#line?.terminate()
  }

  /** Answers the handshake without one of the offered subprotocols. */
  selectsNone(): void {
    this.#server.options.handleProtocols = () => false
  }

  goOn(): void {
    this.#refuses = false
  }

  async close(): Promise<void> {
    for (const line of this.#server.clients) line.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** The consoles of every server lead to this gateway. */
export const test = stackTest.extend<{ gateway: OpenGateway }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  gateway: async ({}, use) => {
    const gateway = await OpenGateway.start()
    await use(gateway)
    await gateway.close()
  },
  sandboxOptions: async ({ gateway }, use) =>
    use({ issueUrl: (serverId) => `http://${gateway.address}/?token=${serverId}` }),
  gateways: async ({ gateway }, use) => use(gateway.address),
  // Leaving a live console asks first.
  page: async ({ page }, use) => {
    page.on('dialog', (dialog) => void dialog.accept())
    await use(page)
  },
})
