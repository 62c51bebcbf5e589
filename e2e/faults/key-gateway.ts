import { once } from 'node:events'
import { WebSocketServer } from 'ws'

/** A gateway whose machine says `login: ` and notes each key. It echoes nothing, so the screen stays as it is. */
export class KeyGateway {
  /** All keys that ever arrived, in order. */
  received = ''
  /** How many of the keys of this connection the relay has asked for with a ping, and got its answer. */
  proved = 0
  #server: WebSocketServer | null = null

  /** @param address host:port */
  constructor(readonly address: string) {}

  async start(): Promise<void> {
    const { hostname, port } = new URL(`ws://${this.address}`)
    const server = new WebSocketServer({ host: hostname, port: Number(port), perMessageDeflate: false })
    this.#server = server
    server.on('connection', (viewer) => {
      viewer.on('message', (keys: Buffer) => {
        this.received += keys.toString()
      })
      viewer.on('ping', (count: Buffer) => {
        this.proved = Number(count.toString())
      })
      viewer.send(Buffer.from('login: '))
    })
    await once(server, 'listening')
  }

  /** Drops each connection, and refuses others until it starts again. */
  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    for (const viewer of server.clients) viewer.terminate()
    server.close()
    await once(server, 'close')
  }
}
