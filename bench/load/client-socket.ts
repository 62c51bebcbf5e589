import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { clientFrame } from '../../src/server/consoles/gateway-frames.ts'
import { FrameSplitter, type OnFrame, OPCODE } from './frames.ts'

/** All connections of this process read into it: what came is dealt with before the next one is read. */
const PLACE = Buffer.allocUnsafeSlow(64 * 1024)
const HEAD_END = '\r\n\r\n'
const ACCEPTED = 'HTTP/1.1 101 '
const GOODBYE = clientFrame('close', Buffer.of(0x03, 0xe8))

export interface ClientSocketOptions {
  /** host:port */
  address: string
  /** With its query */
  path: string
  headers?: Readonly<Record<string, string>>
  /** Is called for each frame but a close. */
  onFrame: OnFrame
  onClose(): void
}

/** A WebSocket as a client has it, with as little work for each frame as Node allows. */
export class ClientSocket {
  readonly #socket: Socket
  readonly #splitter: FrameSplitter
  /** What has come of the head of the answer; null: it is over. */
  #head: string | null = ''
  #accept: () => void = () => {}

  private constructor({ address, path, headers = {}, onFrame, onClose }: ClientSocketOptions) {
    const [host = '', port] = address.split(':')
    this.#splitter = new FrameSplitter((opcode, payload) => {
      if (opcode === OPCODE.close) this.close()
      else onFrame(opcode, payload)
    })
    const callback = (bytes: number) => {
      this.#took(PLACE.subarray(0, bytes))
      return true
    }
    this.#socket = connect({ host, port: Number(port), noDelay: true, onread: { buffer: PLACE, callback } })
    this.#socket.on('close', onClose)
    // What went wrong shows as a close.
    this.#socket.on('error', () => {})
    const lines = {
      Host: address,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}`)
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${head.join('\r\n')}${HEAD_END}`)
  }

  /** @throws Error where it is refused */
  static async open(options: ClientSocketOptions): Promise<ClientSocket> {
    const socket = new ClientSocket(options)
    await new Promise<void>((resolve, reject) => {
      socket.#accept = resolve
      socket.#socket.once('close', () => reject(new Error(`${options.address} opens no WebSocket.`)))
    })
    return socket
  }

  get isOpen(): boolean {
    return this.#socket.writable
  }

  /** @param frame whole, and masked */
  send(frame: Buffer): void {
    if (this.#socket.writable) this.#socket.write(frame)
  }

  sendText(text: string): void {
    this.send(clientFrame('text', Buffer.from(text)))
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    if (this.#socket.writable) this.#socket.end(GOODBYE)
  }

  #took(bytes: Buffer): void {
    if (this.#head === null) return this.#splitter.take(bytes)
    this.#head += bytes.toString('latin1')
    const end = this.#head.indexOf(HEAD_END)
    if (end < 0) return
    if (!this.#head.startsWith(ACCEPTED)) return void this.#socket.destroy()
    const rest = this.#head.slice(end + HEAD_END.length)
    this.#head = null
    this.#accept()
    if (rest.length > 0) this.#splitter.take(Buffer.from(rest, 'latin1'))
  }
}
