import type { Server as HttpServer } from 'node:http'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../shared/clock.ts'
import type { HostPort } from '../../environment.ts'
import { answerOf } from './answer.ts'
import { connectLink } from './connect.ts'
import { LinkError } from './link-error.ts'
import type { LinkSecret } from './secret.ts'
import { splice } from './splice.ts'

/** An answer with it never leaves the replicas. */
export const NOT_OWNER = 'x-bms-console-not-owner'

/** They belong to one connection, or to a body that is written anew. */
const perHop: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
  ...['content-length', 'expect', 'x-request-id'],
])

/** Forwards requests to the replica that has what they are about. */
export class Forwarder {
  readonly #secret: LinkSecret
  readonly #clock: Clock
  readonly #self: string
  /** What came with the head of an upgrade: bytes that were too fast */
  readonly #heads = new WeakMap<IncomingMessage, Buffer>()
  /** Where each leads */
  readonly #spliced = new Map<TLSSocket, HostPort>()

  /** @param self the id of this replica */
  constructor({ secret, clock, self }: { secret: LinkSecret; clock: Clock; self: string }) {
    this.#self = self
    this.#secret = secret
    this.#clock = clock
  }

  /** Before anybody else hears of this server's upgrades. */
  watchUpgrades(server: HttpServer): void {
    server.prependListener('upgrade', (request: IncomingMessage, _socket: Socket, head: Buffer) => {
      if (head.length > 0) this.#heads.set(request, head)
    })
  }

  /** Connections that are passed on at this moment */
  get spliced(): number {
    return this.#spliced.size
  }

  /**
   * Sends the other replica's answer. The body was read, so it is written anew.
   * @throws LinkError
   */
  async request(request: FastifyRequest, reply: FastifyReply, address: HostPort): Promise<FastifyReply> {
    const link = await this.#connect(request.raw, address)
    const body = request.body == null ? null : Buffer.from(JSON.stringify(request.body))
    const asked = httpRequest({
      createConnection: () => link,
      method: request.method,
      path: request.originalUrl,
      headers: [
        ...headersOf(request.raw).flatMap(([name, value]) =>
          perHop.has(name.toLowerCase()) ? [] : [name, value],
        ),
        ...['x-request-id', request.id],
        ...['connection', 'close'],
        ...['content-length', String(body?.length ?? 0)],
      ],
    })
    // Nobody waits for the answer any more.
    reply.raw.once('close', () => link.destroy())
    asked.end(body)
    const answer = await answerOf(asked)
    if (answer.headers[NOT_OWNER] !== undefined) {
      link.destroy()
      throw new LinkError('not-owner', `${address.host} says so`)
    }
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && (name === 'content-length' || !perHop.has(name))) reply.header(name, value)
    }
    return reply.code(answer.statusCode ?? 502).send(answer)
  }

  /**
   * Passes a WebSocket on, from its handshake to its end. It is called before anybody has answered the handshake.
   * @throws LinkError `unreachable`: nothing was passed on
   */
  async upgrade({ raw, originalUrl }: FastifyRequest, reply: FastifyReply, address: HostPort): Promise<void> {
    const { socket } = raw
    const link = await this.#connect(raw, address)
    reply.hijack()
    // It stays for hours, and the request with its answer must not.
    reply.raw.detachSocket(socket)
    if (socket.destroyed) return void link.destroy()
    const lines = headersOf(raw).map(([name, value]) => `${name}: ${value}\r\n`)
    link.write(`${raw.method} ${originalUrl} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
    const head = this.#heads.get(raw)
    if (head) link.write(head)
    socket.setNoDelay(true)
    this.#spliced.set(link, address)
    link.once('close', () => this.#spliced.delete(link))
    splice(socket, link, this.#clock)
  }

  /** Cuts what is passed on, so that each page comes back through another replica. */
  drain(): void {
    for (const link of this.#spliced.keys()) link.destroy()
  }

  /** Cuts what leads to replicas that are gone. A machine that vanished says no goodbye. */
  cut(isGone: (address: HostPort) => boolean): void {
    for (const [link, address] of this.#spliced) if (isGone(address)) link.destroy()
  }

  #connect({ socket }: IncomingMessage, address: HostPort): Promise<TLSSocket> {
    const from = { address: socket.remoteAddress ?? '::', port: socket.remotePort ?? 0 }
    return connectLink(address, { from, by: this.#self }, { secret: this.#secret, clock: this.#clock })
  }
}

/** As they came, twice the same among them */
function headersOf({ rawHeaders }: IncomingMessage): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''])
  return pairs
}
