import type { Server as HttpServer } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import { Forwarder } from './link/forwarder.ts'
import { isFromReplica, LinkServer } from './link/link-server.ts'
import { linkSecret } from './link/secret.ts'
import { LeaseOwners, type LeaseOwnersOptions, type Owners } from './owners.ts'
import { type ReplicaSettings, shownAddress } from './settings.ts'

export interface ReplicaOptions {
  settings: ReplicaSettings
  store: LeaseOwnersOptions['store']
  /** Says that this one is there, and knows the others. */
  replicas: LeaseOwnersOptions['replicas'] & {
    start(): Promise<void>
    drain(): Promise<void>
    unregister(): Promise<void>
  }
  log: FastifyBaseLogger
  clock?: Clock
}

/** This server, as one of several. */
export class Replica {
  readonly id: string
  readonly owners: Owners
  readonly forwarder: Forwarder
  readonly clock: Clock
  readonly #options: ReplicaOptions
  #link: LinkServer | null = null

  constructor(options: ReplicaOptions) {
    const { settings, replicas, clock = steadyClock } = options
    this.#options = options
    this.clock = clock
    this.id = replicas.id
    this.owners = new LeaseOwners(options)
    this.forwarder = new Forwarder({ secret: linkSecret(settings.secret), clock })
  }

  /**
   * Takes the others' requests from now on, and tells them that it does.
   * @throws ConfigError where its address cannot be listened on; StoreError
   */
  async join(server: HttpServer): Promise<void> {
    const { settings, replicas, log } = this.#options
    // What comes by the link has no TLS of its own within it.
    const event = server instanceof TlsServer ? 'secureConnection' : 'connection'
    this.#link = new LinkServer({
      secret: linkSecret(settings.secret),
      log,
      clock: this.clock,
      accept: (socket) => void server.emit(event, socket),
    })
    await this.#link.listen(settings.address)
    log.info(
      { replica: this.id, address: shownAddress(settings.address) },
      'the other replicas reach this one',
    )
    await replicas.start()
  }

  /** It is about to end: the others give it nothing new, and what it only passes on goes another way. */
  async drain(): Promise<void> {
    this.forwarder.drain()
    await this.#options.replicas.drain()
  }

  async leave(): Promise<void> {
    await this.#options.replicas.unregister()
    await this.#link?.close()
  }
}

/** Routes below `/internal/` are for the other replicas. For all others there are none. */
export function hideInternal(app: Pick<FastifyInstance, 'addHook'>): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/internal/')) return
    route.onRequest = [
      async (request, reply) => {
        if (!isFromReplica(request)) reply.callNotFound()
      },
      ...[route.onRequest ?? []].flat(),
    ]
  })
}
