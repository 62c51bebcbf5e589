import { once } from 'node:events'
import type { WebSocket, WebSocketServer } from 'ws'
import { addressOf, listeningGateway } from '../../src/testing/gateway.ts'

const EVERY_MS = 20

/** A gateway whose machine prints numbered lines and notes what is typed. It knows for how long nobody listened. */
export class CountingMachine {
  readonly #server: WebSocketServer
  readonly #printing: NodeJS.Timeout
  #line: WebSocket | null = null
  #goneAt: number | null = null
  /** All that was typed, over all connections, as it came */
  readonly #typed: Buffer[] = []
  /** How many lines it has printed */
  printed = 0
  /** The token that the newest connection came with */
  token: string | null = null
  /** For how long each time nobody was connected, ms */
  readonly seams: number[] = []

  private constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (line, { url = '' }) => this.#connected(line, url))
    this.#printing = setInterval(() => this.#print(), EVERY_MS)
  }

  static async start(): Promise<CountingMachine> {
    return new CountingMachine(await listeningGateway())
  }

  /** host:port */
  get address(): string {
    return addressOf(this.#server)
  }

  /** All that was typed, over all connections */
  get typed(): string {
    return Buffer.concat(this.#typed).toString()
  }

  lineOf(number: number): string {
    return `line ${String(number).padStart(6, '0')}`
  }

  /** @returns null: it is no line of the machine's. */
  numberOf(line: string): number | null {
    const digits = /^line (\d{6})$/.exec(line.trim())?.[1]
    return digits === undefined ? null : Number(digits)
  }

  /** It prints no more. */
  quiet(): void {
    clearInterval(this.#printing)
  }

  async close(): Promise<void> {
    this.quiet()
    for (const line of this.#server.clients) line.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #connected(line: WebSocket, url: string): void {
    if (this.#goneAt !== null) this.seams.push(performance.now() - this.#goneAt)
    this.#goneAt = null
    this.#line = line
    this.token = new URL(url, 'ws://gateway').searchParams.get('token')
    line.on('error', () => {})
    line.on('message', (keys: Buffer) => {
      this.#typed.push(keys)
    })
    line.on('close', () => {
      if (this.#line !== line) return
      this.#line = null
      this.#goneAt = performance.now()
    })
  }

  #print(): void {
    const line = this.#line
    if (!line || line.readyState !== line.OPEN) return
    this.printed += 1
    line.send(Buffer.from(`${this.lineOf(this.printed)}\r\n`))
  }
}
