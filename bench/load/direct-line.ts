import { once } from 'node:events'
import { WebSocket } from 'ws'

const KEY = Buffer.from('a')
/** Its token names no server of the relay's. */
const FIRST_NUMBER = 1_000_000

/** A line from a person to the gateway, without the relay. */
export class DirectLine {
  readonly #socket: WebSocket
  #typedAt = Number.NaN

  private constructor(socket: WebSocket, onEcho: (ms: number) => void) {
    this.#socket = socket
    socket.on('message', () => {
      onEcho(performance.now() - this.#typedAt)
      this.#typedAt = Number.NaN
    })
    // The gateway may vanish, and then nobody compares.
    socket.on('error', () => {})
  }

  /** @param gateway host:port @param onEcho is told how long a key took to come back, ms */
  static async open(gateway: string, number: number, onEcho: (ms: number) => void): Promise<DirectLine> {
    const socket = new WebSocket(`ws://${gateway}/?token=server-${FIRST_NUMBER + number}`, {
      perMessageDeflate: false,
    })
    await once(socket, 'open')
    return new DirectLine(socket, onEcho)
  }

  type(): void {
    // One key at a time is under way, so that each is timed.
    if (!Number.isNaN(this.#typedAt) || this.#socket.readyState !== WebSocket.OPEN) return
    this.#typedAt = performance.now()
    this.#socket.send(KEY, { binary: true })
  }
}
