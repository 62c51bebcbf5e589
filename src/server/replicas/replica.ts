import { randomBytes } from 'node:crypto'
import type { Server as HttpServer } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { type Clock, every, steadyClock } from '../../shared/clock.ts'
import type { Store } from '../store/store.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { Forwarder } from './link/forwarder.ts'
import { LinkPeers, type LinkPeersOptions } from './link/link-peers.ts'
import { isFromReplica, LinkServer } from './link/link-server.ts'
import { type LinkSecret, linkSecret } from './link/secret.ts'
import { LeaseOwners, type Owners } from './owners.ts'
import type { PeerAnswer } from './peer.ts'
import { Replicas } from './registry.ts'
import { type ReplicaSettings, shownAddress } from './settings.ts'

/** Its host and path are those that the others take for their own. */
export interface ReplicaOptions extends Pick<LinkPeersOptions, 'host' | 'basePath'> {
  settings: ReplicaSettings
  store: Store
  log: FastifyBaseLogger
  clock?: Clock
}

const ID_BYTES = 6
/** How often it looks whether those are there to whom it passes on. */
const LOOK_MS = 1_000

/** This server, as one of several. */
export class Replica {
  /** New with each start. It is in the ids of its sessions. */
  readonly id = randomBytes(ID_BYTES).toString('base64url')
  readonly owners: Owners
  readonly forwarder: Forwarder
  /** Keeps the leases of this replica's lines. */
  readonly keeper: LeaseKeeper
  readonly clock: Clock
  readonly #settings: ReplicaSettings
  readonly #secret: LinkSecret
  readonly #log: FastifyBaseLogger
  readonly #replicas: Replicas
  readonly #questions: LinkPeers
  #link: LinkServer | null = null
  #stopLooking: () => void = () => {}

  constructor({ settings, store, log, clock = steadyClock, ...where }: ReplicaOptions) {
    const self = { id: this.id, address: settings.address }
    this.#settings = settings
    this.#secret = linkSecret(settings.secret)
    this.#log = log
    this.#replicas = new Replicas({ store, self, log, clock })
    this.clock = clock
    this.owners = new LeaseOwners({ store, replicas: this.#replicas })
    this.keeper = new LeaseKeeper({ store, holder: this.id, clock })
    this.forwarder = new Forwarder({ secret: this.#secret, clock, self: this.id })
    this.#questions = new LinkPeers({ secret: this.#secret, clock, ...where })
  }

  /**
   * Takes the others' requests from now on, and tells them that it does.
   * @throws ConfigError where its address cannot be listened on; StoreError
   */
  async join(server: HttpServer): Promise<void> {
    const { address } = this.#settings
    // What comes by the link has no TLS of its own within it.
    const event = server instanceof TlsServer ? 'secureConnection' : 'connection'
    this.#link = new LinkServer({
      secret: this.#secret,
      log: this.#log,
      clock: this.clock,
      accept: (socket) => void server.emit(event, socket),
    })
    await this.#link.listen(address)
    this.#log.info({ replica: this.id, address: shownAddress(address) }, 'the other replicas reach this one')
    await this.#replicas.start()
    this.#stopLooking = every(this.clock, LOOK_MS, () => {
      const known = new Set(this.#replicas.others.map((other) => shownAddress(other.address)))
      this.forwarder.cut((other) => !known.has(shownAddress(other)))
    })
  }

  /** What the metrics tell of it */
  get look() {
    return {
      id: this.id,
      address: shownAddress(this.#settings.address),
      replicas: this.#replicas.others.length + 1,
      ownedLines: this.keeper.size,
      passedOn: this.forwarder.spliced,
      taken: this.#link?.size ?? 0,
      leases: this.keeper.counts,
    }
  }

  /** The others that are there now, to be asked */
  get peers() {
    return this.#replicas.others.map((other) => this.#questions.peer(other))
  }

  /** Those of them that can take a line now */
  get successors() {
    return this.#replicas.peers.map((other) => this.#questions.peer(other))
  }

  /**
   * Asks the one that has a server's line.
   * @returns null: it is this one, or nobody, or does not answer
   * @throws StoreError
   */
  async askOwner(serverId: string, path: string): Promise<PeerAnswer | null> {
    const owner = await this.owners.ownerOf(serverId)
    return owner.state === 'other' ? this.#questions.get(owner.address, path) : null
  }

  /** Whether a replica was there a few seconds ago. @throws StoreError */
  async isLive(id: string): Promise<boolean> {
    return id === this.id || (await this.#replicas.addressOf(id)) !== null
  }

  /** It is about to end: the others give it nothing new. */
  async drain(): Promise<void> {
    await this.#replicas.drain()
  }

  /** It has nothing any more. */
  async leave(): Promise<void> {
    this.#stopLooking()
    this.#questions.close()
    await this.keeper.close()
    await this.#replicas.unregister()
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
