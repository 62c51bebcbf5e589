import type { ServerList } from '../../shared/api.ts'
import type { Clock } from '../../shared/clock.ts'
import type { PowerProgress } from '../../shared/power.ts'
import type { Server } from '../../shared/server.ts'
import type { ServerAttachments } from '../../shared/server-attachments.ts'
import { Growing } from '../growing.ts'
import { boundedCalls } from './bounded-calls.ts'
import type { Cloud, DescribedServer, ListWant, ServerPage } from './cloud.ts'

/** How long a list is shown to everybody who asks, counted from the cloud's answer. */
export const SNAPSHOT_MS = 5_000
/** A person who reloads shares the answer of another who did so up to this long before. */
export const FRESH_MS = 1_000

/** All servers of one scope, as they were at one moment. Everybody who asks meanwhile has the same object. */
export class Snapshot {
  readonly #serialised = new Map<string, Promise<Uint8Array>>()

  constructor(
    readonly list: ServerList,
    /** When the cloud was asked, ms since the epoch: nothing in the list is older. */
    readonly askedAt: number,
  ) {}

  /**
   * The list as the API sends it. It is made once for all requests that want the same form.
   * @param form names it, e.g. by what its reader may do
   */
  bytes(form: string, make: (list: ServerList) => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.#serialised.get(form)
    if (known) return known
    const made = make(this.list)
    this.#serialised.set(form, made)
    return made
  }
}

/** One reading of the list: while it goes on, and as long as it is kept. */
export interface ListReading {
  /** When the cloud was asked, ms since the epoch */
  askedAt: number
  /** The cloud's pages, as they come. It ends when the list is there, and fails with it. */
  pages: Growing<ServerPage>
  answer: Promise<Snapshot>
}

/** What the rest of the server asks: a cloud whose readings are shared. */
export interface SharedCloud extends Cloud {
  /** @param fresh whether a person asked for the present state, as by reloading the page */
  snapshot(want?: { fresh?: boolean }): Promise<Snapshot>
  /** The reading that is kept or goes on, however old it is, unless a change of ours makes it wrong. */
  present(): ListReading | null
  /**
   * Resolves when a reading has begun that is no older than this.
   * @param notBefore ms since the epoch; absent: as `present`, or else a new one
   */
  reading(notBefore?: number): Promise<ListReading>
  /** An action of ours may have changed a server: no answer counts that was asked for before. */
  changed(): void
  /** Another call told this of a server. */
  saw(server: Server): void
}

/** Calls about single servers that are under way. Their answers are not kept. */
class Shared<T> {
  /** With the number of changes that we made before each began */
  readonly #asked = new Map<string, { changes: number; answer: Promise<T> }>()

  ask(id: string, changes: number, ask: () => Promise<T>): Promise<T> {
    const known = this.#asked.get(id)
    if (known?.changes === changes) return known.answer
    const asking = { changes, answer: ask() }
    this.#asked.set(id, asking)
    const over = () => {
      if (this.#asked.get(id) === asking) this.#asked.delete(id)
    }
    asking.answer.then(over, over)
    return asking.answer
  }
}

/** A reading of the list, and the number of changes that we made before it began */
type Own = ListReading & { changes: number }

/**
 * Lets many requests share few calls to one cloud. A scope is one set of credentials: this server's own, or those of one
 * sign-in. So nobody is shown what the cloud would not show them.
 *
 * - The list is read once for all, and kept for some seconds. One reading runs at a time.
 * - Who asks for one server, or for what is attached to it, while it is being asked for gets the same answer. It is not
 *   kept.
 * - After a power action of ours, no answer counts that was asked for before it.
 * - A list counts no more once the cloud has told another state of one of its servers.
 * - A person who reloads gets a list that was asked for a second before them, or later.
 *
 * Consoles and power actions are never shared. A failure is told to all who wait for it, and is not kept.
 * @param within the wider scope that these servers are a part of: it hears of changes
 */
export function sharedCloud(cloud: Cloud, clock: Clock, within: SharedCloud | null = null): SharedCloud {
  return new Sharing(boundedCalls(cloud), clock, within)
}

/** A server that differs in one of these is in another state. */
const stateFacts = ['status', 'cloudStatus', 'power', 'task'] as const

class Sharing implements SharedCloud {
  readonly #cloud: Cloud
  readonly #clock: Clock
  readonly #within: SharedCloud | null
  #changes = 0
  #kept: { reading: Own; snapshot: Snapshot } | null = null
  #forget = () => {}
  #reading: Own | null = null
  /** The reading that begins when the one under way has ended */
  #next: Promise<ListReading> | null = null
  readonly #servers = new Shared<DescribedServer>()
  readonly #attachments = new Shared<ServerAttachments>()

  constructor(cloud: Cloud, clock: Clock, within: SharedCloud | null) {
    this.#cloud = cloud
    this.#clock = clock
    this.#within = within
  }

  async snapshot({ fresh = false } = {}): Promise<Snapshot> {
    const reading = await this.reading(fresh ? this.#clock.now() - FRESH_MS : undefined)
    return reading.answer
  }

  present(): ListReading | null {
    if (this.#kept) return this.#kept.reading
    return this.#reading?.changes === this.#changes ? this.#reading : null
  }

  async reading(notBefore = Number.NEGATIVE_INFINITY): Promise<ListReading> {
    const present = this.present()
    if (present && present.askedAt >= notBefore) return present
    // If this reading fails, the next one must not get the older list.
    this.#drop()
    const reading = this.#reading
    if (!reading) return this.#read()
    this.#next ??= reading.answer
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        this.#next = null
        return this.reading(this.#clock.now() - FRESH_MS)
      })
    return this.#next
  }

  async listServers({ onPage }: ListWant = {}): Promise<ServerList> {
    const { pages, answer } = await this.reading()
    if (onPage) for await (const page of pages.follow()) onPage(page)
    return (await answer).list
  }

  getServer(id: string): Promise<DescribedServer> {
    return this.#servers.ask(id, this.#changes, async () => {
      const server = await this.#cloud.getServer(id)
      this.saw(server)
      return server
    })
  }

  attachments(id: string): Promise<ServerAttachments> {
    return this.#attachments.ask(id, this.#changes, () => this.#cloud.attachments(id))
  }

  remoteConsole(id: string): Promise<string> {
    return this.#cloud.remoteConsole(id)
  }

  async power(...asked: Parameters<Cloud['power']>): Promise<string | null> {
    try {
      return await this.#cloud.power(...asked)
    } finally {
      // Also after a failure: a cloud that did not answer may have acted.
      this.changed()
    }
  }

  async powerJob(...asked: Parameters<Cloud['powerJob']>): Promise<PowerProgress> {
    const progress = await this.#cloud.powerJob(...asked)
    // What was asked for while it ran may show the server as it was before.
    if (progress.state !== 'running') this.changed()
    return progress
  }

  changed(): void {
    this.#changes += 1
    this.#drop()
    this.#within?.changed()
  }

  saw(server: Server): void {
    const listed = this.#kept?.snapshot.list.servers.find((known) => known.id === server.id)
    if (listed && stateFacts.some((fact) => listed[fact] !== server[fact])) this.#drop()
    this.#within?.saw(server)
  }

  async close(): Promise<void> {
    this.#drop()
    await this.#cloud.close()
  }

  #read(): ListReading {
    const changes = this.#changes
    const askedAt = this.#clock.now()
    const pages = new Growing<ServerPage>()
    const answer = this.#cloud
      .listServers({ onPage: (page) => pages.add(page) })
      .then((list) => {
        const snapshot = new Snapshot(list, askedAt)
        if (changes === this.#changes) this.#keep(reading, snapshot)
        return snapshot
      })
      .finally(() => {
        this.#reading = null
      })
    const reading: Own = { askedAt, changes, pages, answer }
    // Who follows the pages hears of a failure there.
    answer.then(
      () => pages.end(),
      (error: unknown) => pages.fail(error),
    )
    this.#reading = reading
    return reading
  }

  #keep(reading: Own, snapshot: Snapshot): void {
    this.#drop()
    this.#kept = { reading, snapshot }
    // A large list must not stay in memory for users who have left.
    this.#forget = this.#clock.after(SNAPSHOT_MS, () => this.#drop())
  }

  #drop(): void {
    this.#kept = null
    this.#forget()
  }
}
