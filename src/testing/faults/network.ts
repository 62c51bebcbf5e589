import { EventEmitter, once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** The network between a browser and the proxy, which can be cut: a TCP proxy that knows a console's line. */
export class Network {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Both ends of connections that are a console's line. */
  readonly #lines = new Set<Socket>()
  readonly #events = new EventEmitter()
  /** Connections that will still be refused. */
  #refusals = 0
  /** Bytes that lines carried to the browser. */
  #carried = 0
  /** Where the line is cut: at this count of carried bytes. */
  #cutAt = Number.POSITIVE_INFINITY

  private constructor(readonly target: number) {
    this.#server = createServer((browser) => this.#connected(browser, target))
  }

  /** @param target port of loopback that it leads to */
  static async start(target: number): Promise<Network> {
    const network = new Network(target)
    network.#server.listen(0, '127.0.0.1')
    await once(network.#server, 'listening')
    return network
  }

  get origin(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.')
    return `http://127.0.0.1:${address.port}`
  }

  /** Resolves when lines have carried so many more bytes to the browser. */
  async carries(bytes: number): Promise<void> {
    const wanted = this.#carried + bytes
    while (this.#carried < wanted) await once(this.#events, 'carried')
  }

  /**
   * Cuts every connection once lines have carried so many more bytes, in the middle of whatever it is, and refuses
   * so many connections afterwards. Resolves at the cut.
   */
  async cutAfter(bytes: number, refusals: number): Promise<void> {
    this.#cutAt = this.#carried + bytes
    await once(this.#events, 'cut')
    this.#refusals = refusals
  }

  /** Now. @param how a reset (RST) also drops what was on its way */
  cut(how: 'cut' | 'reset' = 'cut'): void {
    for (const socket of this.#sockets) {
      if (how === 'reset') socket.resetAndDestroy()
      else socket.destroy()
    }
    this.#cutAt = Number.POSITIVE_INFINITY
    this.#events.emit('cut')
  }

  /** The lines of now pass nothing any more, and nobody is told. Other connections work. */
  swallow(): void {
    for (const socket of this.#lines) {
      socket.unpipe()
      socket.removeAllListeners('data')
      // What comes is read, and goes nowhere: nobody is held up.
      socket.resume()
    }
  }

  async close(): Promise<void> {
    this.#server.close()
    this.cut()
    await once(this.#server, 'close')
  }

  #connected(browser: Socket, target: number): void {
    if (this.#refusals > 0) {
      this.#refusals -= 1
      browser.resetAndDestroy()
      return
    }
    const proxy = connect({ port: target, host: '127.0.0.1', noDelay: true })
    browser.setNoDelay(true)
    for (const [socket, other] of [
      [browser, proxy],
      [proxy, browser],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#lines.delete(socket)
        other.destroy()
      })
    }
    let isLine = false
    browser.once('data', (head: Buffer) => {
      isLine = head.toString('latin1').startsWith('GET /api/consoles/')
      if (isLine) this.#lines.add(browser).add(proxy)
    })
    browser.pipe(proxy)
    proxy.on('data', (bytes: Buffer) => {
      if (isLine) this.#carry(bytes, browser)
      else browser.write(bytes)
      if (!browser.writableNeedDrain) return
      proxy.pause()
      browser.once('drain', () => proxy.resume())
    })
  }

  #carry(bytes: Buffer, browser: Socket): void {
    const left = this.#cutAt - this.#carried
    if (bytes.length < left) {
      browser.write(bytes)
      this.#carried += bytes.length
    } else {
      this.#carried += Math.max(left, 0)
      // What was on its way arrives.
      browser.write(bytes.subarray(0, Math.max(left, 0)), () => this.cut())
    }
    this.#events.emit('carried')
  }
}
