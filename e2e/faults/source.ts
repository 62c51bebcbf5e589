import { EventEmitter, once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket, WebSocketServer } from 'ws'
import { random } from '../../src/testing/faults/random.ts'
import { addressOf, listeningGateway } from '../../src/testing/gateway.ts'
import { RECORD_BYTES, recordOf } from './records.ts'

const TICK_MS = 20
/** Frames come in any size, most of them cut inside a record and many inside a character. */
const MOST_FRAME_BYTES = 12 * 1024

export interface SourceOptions {
  records: number
  /** The pace of the line while it is read. A real one prints some 200 bytes in this time. */
  bytesPerTick: number
  seed: number
  /** Its connections are dropped after as many places, each between two records. */
  drops: number
}

/**
 * A gateway whose machine prints numbered records and goes on where it was on the next connection: what it says is
 * told once, to whoever is connected.
 */
export class RecordSource {
  readonly #options: SourceOptions
  readonly #server: WebSocketServer
  readonly #random: () => number
  /** Record numbers, in order, before which the connection is dropped. */
  readonly #dropAt: number[]
  readonly #progress = new EventEmitter()
  /** The next byte to be said. */
  #offset = 0
  #dropped = 0
  #silentFrom = Number.POSITIVE_INFINITY
  #begun = false

  private constructor(server: WebSocketServer, options: SourceOptions) {
    this.#server = server
    this.#options = options
    this.#random = random(options.seed)
    this.#dropAt = Array.from({ length: options.drops }, (_, index) =>
      Math.floor(((index + 0.2 + 0.6 * this.#random()) / options.drops) * options.records),
    )
    server.on('connection', (viewer) => {
      viewer.on('error', () => {})
      if (this.#begun) void this.#speak(viewer)
    })
  }

  static async start(options: SourceOptions): Promise<RecordSource> {
    return new RecordSource(await listeningGateway(), options)
  }

  /** host:port */
  get address(): string {
    return addressOf(this.#server)
  }

  get totalBytes(): number {
    return this.#options.records * RECORD_BYTES
  }

  /** Bytes said so far. */
  get said(): number {
    return this.#offset
  }

  /** Connections that it dropped. */
  get dropped(): number {
    return this.#dropped
  }

  /** It is silent until then. */
  begin(): void {
    this.#begun = true
    for (const viewer of this.#server.clients) void this.#speak(viewer)
  }

  /** Resolves when it has said so many bytes. */
  async reaches(offset: number): Promise<void> {
    while (this.#offset < offset) await once(this.#progress, 'said')
  }

  /** Falls silent after so many more bytes, until `goOn`. Resolves when it has said them. */
  async pauseAfter(bytes: number): Promise<void> {
    this.#silentFrom = this.#offset + bytes
    await this.reaches(this.#silentFrom)
  }

  goOn(): void {
    this.#silentFrom = Number.POSITIVE_INFINITY
    this.#progress.emit('on')
  }

  async close(): Promise<void> {
    for (const viewer of this.#server.clients) viewer.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #speak(viewer: WebSocket): Promise<void> {
    while (viewer.readyState === viewer.OPEN && this.#offset < this.totalBytes) {
      if (this.#offset >= this.#silentFrom) {
        await once(this.#progress, 'on')
        continue
      }
      const record = this.#offset / RECORD_BYTES
      const stop = this.#dropAt[0] ?? this.#options.records
      const count = Math.min(Math.floor(this.#options.bytesPerTick / RECORD_BYTES), stop - record)
      if (count === 0) {
        this.#dropAt.shift()
        this.#dropped += 1
        // Both ways in which gateways go: with a word and without.
        if (this.#dropped % 2 === 0) viewer.close(1001)
        else viewer.terminate()
        return
      }
      const bytes = Buffer.from(
        Array.from({ length: count }, (_, index) => recordOf(record + index)).join(''),
      )
      this.#offset += bytes.length
      // All of it has left before the connection may be dropped.
      await Promise.all([this.#send(viewer, bytes), delay(TICK_MS)])
      this.#progress.emit('said')
    }
  }

  #send(viewer: WebSocket, bytes: Buffer): Promise<unknown> {
    const sent: Promise<void>[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(this.#random() ** 2 * MOST_FRAME_BYTES)
      const frame = bytes.subarray(at, end)
      sent.push(new Promise((resolve) => viewer.send(frame, () => resolve())))
      at = end
    }
    return Promise.all(sent)
  }
}
