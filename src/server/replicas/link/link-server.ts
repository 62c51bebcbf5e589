import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Clock } from '../../../shared/clock.ts'
import { ConfigError, type HostPort } from '../../environment.ts'
import { errorCode } from '../../error-code.ts'
import { shownAddress } from '../settings.ts'
import { readPreface } from './preface.ts'
import type { LinkSecret } from './secret.ts'

const HANDSHAKE_MS = 2_000

/** With the id of the replica that passes it on; null: it asks for itself, or is older */
const ofReplicas = new WeakMap<Socket, string | null>()

/** Whether another replica forwarded it. That one has counted it already, and it is never forwarded again. */
export const isFromReplica = ({ raw }: Pick<FastifyRequest, 'raw'>): boolean => ofReplicas.has(raw.socket)

/** Which replica passes it on. null: none */
export const passedOnBy = ({ raw }: Pick<FastifyRequest, 'raw'>): string | null =>
  ofReplicas.get(raw.socket) ?? null

export interface LinkServerOptions {
  secret: LinkSecret
  log: FastifyBaseLogger
  clock: Clock
  /** Takes a connection as if the client itself had made it. */
  accept: (socket: TLSSocket) => void
}

/** Listens for the requests that other replicas forward. Who does not know the secret gets no further than TLS. */
export class LinkServer {
  readonly #server: Server
  readonly #sockets = new Set<TLSSocket>()

  constructor({ secret, log, clock, accept }: LinkServerOptions) {
    this.#server = createServer({ ...secret.server, handshakeTimeout: HANDSHAKE_MS }, (socket) => {
      this.#sockets.add(socket)
      socket.on('error', (error) => log.debug({ code: errorCode(error) }, 'link failed'))
      socket.once('close', () => this.#sockets.delete(socket))
      socket.setNoDelay(true)
      readPreface(socket, clock, (preface) => {
        if (!preface) return void log.warn('a link began with something else than its first line')
        const { address, port } = preface.from
        Object.defineProperties(socket, { remoteAddress: { value: address }, remotePort: { value: port } })
        ofReplicas.set(socket, preface.by ?? null)
        accept(socket)
        // The first line was read by hand, and with it, it was paused.
        socket.resume()
      })
    })
    this.#server.on('tlsClientError', (error, socket) => {
      log.warn({ code: errorCode(error), from: socket.remoteAddress }, 'a link was refused')
      socket.destroy()
    })
  }

  /** Connections of other replicas */
  get size(): number {
    return this.#sockets.size
  }

  /** @throws ConfigError where the address cannot be listened on */
  async listen(address: HostPort): Promise<void> {
    try {
      this.#server.listen(address)
      await once(this.#server, 'listening')
    } catch (error) {
      throw new ConfigError(
        `BMS_CONSOLE_REPLICA_ADDRESS: this machine cannot listen at ${shownAddress(address)} (${errorCode(error)})`,
      )
    }
  }

  /** Cuts what is left. */
  async close(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : null
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
