import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A balancer in front of several servers, without any stickiness: each connection goes to the next that takes it. */
export class Balancer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #targets: readonly number[] = []
  #next = 0

  private constructor() {
    this.#server = createServer((client) => this.#pass(client, this.#targets.length))
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer()
    balancer.#server.listen(0, '127.0.0.1')
    await once(balancer.#server, 'listening')
    return balancer
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
    return `http://127.0.0.1:${address.port}`
  }

  /**
   * From now on it leads to these ports of loopback.
   * @param down connections to others are cut, as those to a server that is down; else they stay, as those to a server
   *   that says it is not ready
   */
  use(ports: readonly number[], down = true): void {
    this.#targets = ports
    if (!down) return
    for (const socket of this.#sockets) {
      if (socket.remotePort !== undefined && !ports.includes(socket.remotePort)) socket.destroy()
    }
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #pass(client: Socket, tries: number): void {
    client.on('error', () => {})
    const port = this.#targets[this.#next++ % Math.max(1, this.#targets.length)]
    if (port === undefined || tries <= 0) return void client.destroy()
    const server = connect({ port, host: '127.0.0.1' })
    this.#sockets.add(server)
    let connected = false
    server.once('connect', () => {
      connected = true
      client.setNoDelay(true)
      server.setNoDelay(true)
      client.pipe(server).pipe(client)
    })
    server.on('error', () => {})
    server.once('close', () => {
      this.#sockets.delete(server)
      if (connected) client.destroy()
      else this.#pass(client, tries - 1)
    })
    client.once('close', () => server.destroy())
  }
}
