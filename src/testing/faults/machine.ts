import { EventEmitter, once } from 'node:events'
import type { WebSocket, WebSocketServer } from 'ws'
import { addressOf, listeningGateway } from '../gateway.ts'
import { KEY_BYTES, readKeys } from './keys.ts'

/** Bytes of each line that the machine prints. */
export const LINE_BYTES = 64

/** The line of this number: each is different, and all are of one length. */
export function lineOf(number: number): string {
  const head = `#${String(number).padStart(9, '0')} `
  const filler = String(Math.imul(number + 1, 2_654_435_761) >>> 0).repeat(6)
  return `${head}${filler}`
    .slice(0, LINE_BYTES - 2)
    .padEnd(LINE_BYTES - 2, '.')
    .concat('\r\n')
}

interface MachineOptions {
  lines: number
  /** Lines in each frame */
  linesAtOnce: number
  onKey: (page: number, number: number) => void
  /** The port takes several connections: who came before can still type. */
  keepsAll?: boolean
}

/** What waits for a gateway's client at most, as in a socket's buffer. */
const MOST_WAITING = 256 * 1024
const TICK_MS = 5

/** A gateway with a machine that prints numbered lines and reads numbered keys. It can go away in three ways. */
export class NumberedMachine {
  readonly #server: WebSocketServer
  readonly #options: MachineOptions
  readonly #events = new EventEmitter()
  readonly wrong: string[] = []
  #viewer: WebSocket | null = null
  #line = 0
  #deaf = false
  connections = 0
  /** Connections at this moment */
  get open(): number {
    return this.#server.clients.size
  }

  /** The token that the newest connection came with */
  token: string | null = null
  /** Messages of a connection that came after those of a newer one */
  late = 0
  /** For how long each time nobody was connected, ms */
  readonly seams: number[] = []
  #goneAt: number | null = null
  /** The newest connection that has typed */
  #typing = 0

  private constructor(server: WebSocketServer, options: MachineOptions) {
    this.#server = server
    this.#options = options
    server.on('connection', (viewer, { url = '' }) => this.#connected(viewer, url))
    const ticks = setInterval(() => this.#speak(), TICK_MS)
    server.on('close', () => clearInterval(ticks))
  }

  static async start(options: MachineOptions): Promise<NumberedMachine> {
    return new NumberedMachine(await listeningGateway(), options)
  }

  /** host:port */
  get address(): string {
    return addressOf(this.#server)
  }

  /** Lines that it has printed. */
  get printed(): number {
    return this.#line
  }

  get isConnected(): boolean {
    return this.#viewer !== null && !this.#deaf
  }

  /** With a close, with a reset, or so that nothing passes any more and nobody is told. */
  leave(how: 'clean' | 'reset' | 'black-hole'): void {
    const viewer = this.#viewer
    if (!viewer) return
    switch (how) {
      case 'clean':
        viewer.close(1001)
        break
      case 'reset':
        viewer.terminate()
        break
      case 'black-hole':
        this.#deaf = true
        // Nothing is read: no key, no ping.
        viewer.pause()
    }
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #connected(viewer: WebSocket, url: string): void {
    this.connections += 1
    this.token = new URL(url, 'ws://gateway').searchParams.get('token')
    const { keepsAll = false } = this.#options
    // A client that comes back has given up its connection before. What waits there is never read.
    if (!keepsAll) this.#viewer?.terminate()
    this.#viewer = viewer
    const number = this.connections
    if (this.#goneAt !== null) this.seams.push(performance.now() - this.#goneAt)
    this.#goneAt = null
    this.#deaf = false
    viewer.on('error', () => {})
    viewer.on('close', () => {
      if (this.#viewer !== viewer) return
      this.#viewer = null
      this.#goneAt = performance.now()
    })
    viewer.on('message', (data: Buffer) => {
      if (this.#viewer !== viewer && !keepsAll) return
      if (this.#deaf) return
      if (number < this.#typing) this.late += 1
      this.#typing = Math.max(this.#typing, number)
      const text = data.toString('latin1')
      if (text.length % KEY_BYTES !== 0) this.#blame(`half a key in “${text.slice(0, 20)}”`)
      try {
        for (const { page, number } of readKeys(text)) this.#options.onKey(page, number)
      } catch (error) {
        this.#blame(String(error))
      }
      this.#events.emit('key')
    })
  }

  #speak(): void {
    const viewer = this.#viewer
    if (!viewer || viewer.readyState !== viewer.OPEN) return
    const { lines, linesAtOnce } = this.#options
    if (viewer.bufferedAmount > MOST_WAITING) return
    const until = Math.min(lines, this.#line + linesAtOnce)
    if (until === this.#line) return
    let text = ''
    while (this.#line < until) text += lineOf(this.#line++)
    // Into a black hole it speaks as well: it does not know.
    if (!this.#deaf) viewer.send(Buffer.from(text))
  }

  #blame(what: string): void {
    if (this.wrong.length < 10) this.wrong.push(what)
  }
}
