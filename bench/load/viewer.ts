import { randomUUID } from 'node:crypto'
import { clientFrame } from '../../src/server/consoles/gateway-frames.ts'
import { paths } from '../../src/shared/api.ts'
import { BEAT } from '../../src/shared/beat.ts'
import { RELAY_SUBPROTOCOL, RelayMessage } from '../../src/shared/relay-protocol.ts'
import { resumeWith } from '../../src/testing/resume.ts'
import { issueTicket } from '../relay-lines.ts'
import { ClientSocket } from './client-socket.ts'
import { OPCODE } from './frames.ts'

const FIRST_LETTER = 0x61
const LETTERS = 26
const keys = Array.from({ length: LETTERS }, (_, at) => clientFrame('binary', Buffer.of(FIRST_LETTER + at)))
const BEAT_FRAME = clientFrame('text', Buffer.from(BEAT))
const TAKEN = '{"type":"taken"'

/** A key that is neither back nor given back. */
interface Waiting {
  number: number
  /** NaN: nobody reads its echo in time. */
  at: number
}

/**
 * A person at a console. Keys are the letters in their order, so that one that is lost, doubled or out of its place is
 * seen. It does what the page does: acknowledges, beats, and answers a lost line.
 */
export class LoadViewer {
  #socket: ClientSocket | null = null
  readonly #name: string
  #waiting: Waiting[] = []
  #offset = 0
  #acknowledged = 0
  #ackBytes = 0
  /** The last receipt of a key that arrived. It is parsed when somebody asks, since one comes for each key. */
  #taken = ''
  #droppedTo = 0
  #closed = false
  #reads = true
  isOpen = false
  typed = 0
  echoed = 0
  dropped = 0
  /** Keys that arrived at a gateway that was gone before their echo */
  unanswered = 0
  heard = 0
  missed = 0
  readonly wrong: string[] = []
  /** Is told how long each key took to come back, ms. */
  onEcho: (ms: number) => void = () => {}

  #onOpen: (() => void) | null = null
  #onRefused: (error: Error) => void = () => {}

  private constructor(name: string) {
    this.#name = name
  }

  /** Resolves when its line is open. */
  static async open(origin: string, serverId: string): Promise<LoadViewer> {
    const { session, ticket } = await issueTicket(origin, serverId)
    const viewer = new LoadViewer(serverId)
    const opened = new Promise<void>((resolve, reject) => {
      viewer.#onOpen = resolve
      viewer.#onRefused = reject
    })
    viewer.#socket = await ClientSocket.open({
      address: new URL(origin).host,
      path: paths.relay(session),
      headers: { Origin: origin, 'Sec-WebSocket-Protocol': RELAY_SUBPROTOCOL },
      onFrame: (opcode, payload) => viewer.#frame(opcode, payload),
      onClose: () => viewer.#gone(),
    })
    viewer.#socket.sendText(JSON.stringify(resumeWith(ticket, randomUUID())))
    await opened
    return viewer
  }

  type(): void {
    const key = keys[this.typed % LETTERS]
    if (!key || this.#closed) return
    this.#waiting.push({ number: this.typed, at: this.#reads ? performance.now() : Number.NaN })
    this.typed += 1
    this.#socket?.send(key)
  }

  /** A reader that stops leaves what comes in the network. */
  read(reads: boolean): void {
    if (reads === this.#reads) return
    this.#reads = reads
    if (reads) return this.#socket?.resume()
    this.#socket?.pause()
    for (const key of this.#waiting) key.at = Number.NaN
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** The relay has told what became of all keys below this number. */
  get told(): number {
    const message = this.#taken === '' ? null : RelayMessage.parse(JSON.parse(this.#taken))
    return Math.max(this.#droppedTo, message?.type === 'taken' ? message.upTo : 0)
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.binary) return this.#output(payload)
    if (opcode !== OPCODE.text) return
    const text = payload.toString('utf8')
    if (text.startsWith(TAKEN)) this.#taken = text
    else if (text === BEAT) this.#socket?.send(BEAT_FRAME)
    else this.#message(RelayMessage.parse(JSON.parse(text)))
    if (this.isOpen) this.#onOpen?.()
  }

  #gone(): void {
    this.#fault('its connection is gone')
    this.#closed = true
    this.isOpen = false
    this.#onRefused(new Error(`${this.#name}: the relay closed the connection.`))
  }

  #message(message: RelayMessage): void {
    switch (message.type) {
      case 'hello':
        this.#ackBytes = message.ackBytes
        this.#offset = message.replayFrom
        break
      case 'gap':
        this.#offset += message.lostBytes
        this.missed += message.lostBytes
        break
      case 'state':
        this.isOpen = message.gateway === 'open'
        if (message.gateway === 'lost') {
          this.#socket?.sendText(JSON.stringify({ type: 'heard' }))
          this.unanswered += this.#forget(0, this.told)
        }
        break
      case 'dropped':
        this.#droppedTo = Math.max(this.#droppedTo, message.to)
        this.dropped += this.#forget(message.from, message.to)
        break
      case 'closing':
        this.#fault(`the relay ended it: ${message.failure.cause}`)
        break
      default:
    }
  }

  /** No echo comes for these keys. @returns how many of them waited */
  #forget(from: number, to: number): number {
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter(({ number }) => number < from || number >= to)
    return before - this.#waiting.length
  }

  #output(data: Buffer): void {
    this.#offset += data.length
    const now = performance.now()
    for (const byte of data) {
      if (byte < FIRST_LETTER || byte >= FIRST_LETTER + LETTERS) this.heard += 1
      else this.#echo(byte - FIRST_LETTER, now)
    }
    if (this.#offset - this.#acknowledged < this.#ackBytes) return
    this.#acknowledged = this.#offset
    this.#socket?.sendText(JSON.stringify({ type: 'ack', offset: this.#offset }))
  }

  #echo(letter: number, now: number): void {
    const key = this.#waiting.shift()
    this.echoed += 1
    if (!key) return this.#fault('a letter came that nobody waits for')
    if (key.number % LETTERS !== letter) return this.#fault(`key ${key.number} came back as another`)
    if (!Number.isNaN(key.at)) this.onEcho(now - key.at)
  }

  #fault(what: string): void {
    this.wrong.push(`${this.#name}: ${what}`)
  }
}
