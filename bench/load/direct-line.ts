import { clientFrame } from '../../src/server/consoles/gateway-frames.ts'
import { ClientSocket } from './client-socket.ts'

const KEY = clientFrame('binary', Buffer.from('a'))
/** Its token names no server of the relay's. */
const FIRST_NUMBER = 1_000_000

/** A line from a person to the gateway, without the relay. */
export class DirectLine {
  #socket: ClientSocket | null = null
  #typedAt = Number.NaN

  /** @param address of the gateway, or of what leads to it @param onEcho is told how long a key took to come back, ms */
  static async open(address: string, number: number, onEcho: (ms: number) => void): Promise<DirectLine> {
    const line = new DirectLine()
    line.#socket = await ClientSocket.open({
      address,
      path: `/?token=server-${FIRST_NUMBER + number}`,
      onFrame() {
        onEcho(performance.now() - line.#typedAt)
        line.#typedAt = Number.NaN
      },
      // The gateway may vanish, and then nobody compares.
      onClose() {},
    })
    return line
  }

  type(): void {
    // One key at a time is under way, so that each is timed.
    if (!Number.isNaN(this.#typedAt) || !this.#socket?.isOpen) return
    this.#typedAt = performance.now()
    this.#socket.send(KEY)
  }

  close(): void {
    this.#socket?.close()
  }
}
