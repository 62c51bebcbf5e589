import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import { type HostPort, hostPort } from '../environment.ts'
import { jsonOf } from '../json.ts'
import { type Store, StoreError } from '../store/store.ts'
import { Channel } from './channel.ts'
import { shownAddress } from './settings.ts'

const GROUP = 'replicas'
/** How often a replica says that it is there, and looks who else is. */
const REGISTER_MS = 1_000
/** One that says nothing for so long is gone. */
const GONE_MS = 5_000
/** A reading of who is there answers all that ask within this time: pages of a replica that died come all at once. */
const READ_AGAIN_MS = 100

const Presence = z.object({ address: hostPort, draining: z.boolean() })

export interface Replica {
  id: string
  /** At which the others reach it */
  address: HostPort
  /** It gives its lines to others and takes none. */
  draining: boolean
}

export interface ReplicasOptions {
  store: Pick<Store, 'join' | 'leave' | 'members' | 'publish' | 'subscribe'>
  /** The id is new with each start. */
  self: { id: string; address: HostPort }
  log: FastifyBaseLogger
  clock?: Clock
}

interface Reading {
  replicas: ReadonlyMap<string, Replica>
  /** When it began, by the clock */
  began: number
}

const NOBODY: Pick<Reading, 'replicas'> = { replicas: new Map() }

/** Says that this replica is there, and knows which others are. */
export class Replicas {
  readonly #options: ReplicasOptions & { clock: Clock }
  readonly #channel: Channel
  #draining = false
  #closed = false
  #newest: Reading | null = null
  #reading: Promise<Reading> | null = null
  #cancel: () => void = () => {}
  #stop: () => Promise<void> = async () => {}

  constructor(options: ReplicasOptions) {
    this.#options = { clock: steadyClock, ...options }
    this.#channel = new Channel(options.store, options.self.id)
  }

  /**
   * From now on the others know it.
   * @throws StoreError
   */
  async start(): Promise<void> {
    const again = () => void this.#read().catch((error) => this.#failed(error))
    this.#stop = await this.#channel.listen(again, again)
    await this.#register()
    await this.#channel.tell({ kind: 'replica-changed' })
    await this.#read()
    this.#wait()
  }

  get id(): string {
    return this.#options.self.id
  }

  /** Who else is there, as it was known a second ago at most while the store answers; nobody after 5 s without. */
  get others(): readonly Replica[] {
    const { replicas } = this.#newerThan(GONE_MS) ?? NOBODY
    return [...replicas.values()].filter(({ id }) => id !== this.id)
  }

  /** Who can take a line now. */
  get peers(): readonly Replica[] {
    return this.others.filter(({ draining }) => !draining)
  }

  /**
   * @returns null: there is no such replica, or no longer
   * @throws StoreError
   */
  async addressOf(id: string): Promise<HostPort | null> {
    const known = this.others.find((other) => other.id === id)
    if (known) return known.address
    const { replicas } = this.#newerThan(READ_AGAIN_MS) ?? (await this.#read())
    return replicas.get(id)?.address ?? null
  }

  /** It takes no more lines, and is still reached for those that it has. A store that fails is told later. */
  async drain(): Promise<void> {
    this.#draining = true
    await this.#tell(() => this.#register())
  }

  /** It is gone. A store that fails finds out by itself. */
  async unregister(): Promise<void> {
    this.#closed = true
    this.#cancel()
    await this.#tell(() => this.#options.store.leave(GROUP, this.id))
    await this.#stop().catch((error) => this.#failed(error))
  }

  #newerThan(ms: number): Reading | null {
    const since = this.#options.clock.now() - (this.#newest?.began ?? Number.NEGATIVE_INFINITY)
    return since < ms ? this.#newest : null
  }

  async #tell(what: () => Promise<void>): Promise<void> {
    try {
      await what()
      await this.#channel.tell({ kind: 'replica-changed' })
    } catch (error) {
      this.#failed(error)
    }
  }

  #wait(): void {
    this.#cancel = this.#options.clock.after(REGISTER_MS, async () => {
      try {
        await Promise.all([this.#register(), this.#read()])
      } catch (error) {
        this.#failed(error)
      }
      if (!this.#closed) this.#wait()
    })
  }

  async #register(): Promise<void> {
    if (this.#closed) return
    const { store, self } = this.#options
    const presence = { address: shownAddress(self.address), draining: this.#draining }
    await store.join(GROUP, self.id, JSON.stringify(presence), GONE_MS)
  }

  /** One reading at a time. */
  #read(): Promise<Reading> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = null
    })
    return this.#reading
  }

  async #readNow(): Promise<Reading> {
    const { clock, store } = this.#options
    const began = clock.now()
    const replicas = new Map<string, Replica>()
    for (const [id, text] of await store.members(GROUP)) {
      // Another version may say something else.
      const presence = Presence.safeParse(jsonOf(text)).data
      if (presence) replicas.set(id, { id, ...presence })
    }
    this.#newest = { replicas, began }
    return this.#newest
  }

  #failed(error: unknown): void {
    if (!(error instanceof StoreError)) throw error
    this.#options.log.debug({ reason: error.message }, 'the store does not say which replicas there are')
  }
}
