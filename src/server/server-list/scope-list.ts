import { hash } from 'node:crypto'
import type { ServerList } from '../../shared/api.ts'
import type { Clock } from '../../shared/clock.ts'
import { Server } from '../../shared/server.ts'
import { FRESH_MS, type ListReading, type SharedCloud, SNAPSHOT_MS } from '../clouds/snapshot.ts'
import { Growing } from '../growing.ts'
import { inTurns } from '../in-turns.ts'
import type { Watcher } from '../watch/watcher.ts'
import { eventLine, goneLine, marked, missingLine, serverLines } from './list-lines.ts'
import { ListVersions, type ServerMark } from './list-versions.ts'
import { type Packed, pack } from './packed.ts'

const begin = (total: number | null) => pack(eventLine({ type: 'begin', whole: true, total }))

export interface ListOptions {
  clock: Clock
  /** null: no line is watched. */
  watcher: Pick<Watcher, 'watches' | 'version'> | null
  /** The cloud told these servers. */
  onServers: (servers: readonly Server[]) => void
  /** The list is there, without these. */
  onMissing: (missing: ServerList['missing']) => void
}

/** One reading as its readers get it. All of them share the compressed bytes. */
interface SharedLines {
  askedAt: number
  lines: Growing<Packed>
  /** Resolves with the list's version; rejects with the reading's failure. */
  version: Promise<string>
}

/** A server that was told */
interface Told extends ServerMark {
  server: Server
}

/** How long nobody asks before the versions are forgotten. The next one to ask gets the whole list. */
const FORGET_MS = 10 * 60_000
/** Differences that are kept: those who ask have one of the last few versions. */
const MOST_DIFFERENCES = 4

/**
 * The list of one scope, as lines for its readers. Each reading of the cloud is serialised and compressed once, page by
 * page, and each difference once. The servers themselves are not kept longer than the reading.
 */
export class ScopeList {
  readonly #cloud: SharedCloud
  readonly #options: ListOptions
  #versions = new ListVersions()
  /** The version of the watcher's choices that the newest version has */
  #marks = 0
  readonly #shared = new WeakMap<ListReading, SharedLines>()
  /** Settles when the last reading that began is written. */
  #written: Promise<unknown> = Promise.resolve()
  /** The list of the newest version, while it is new */
  #newest: { servers: ReadonlyMap<string, Told>; missing: ServerList['missing'] } | null = null
  /** From which version, to the newest */
  readonly #differences = new Map<string, Promise<Packed[]>>()
  #dropNewest = () => {}
  #forgetLater = () => {}

  constructor(cloud: SharedCloud, options: ListOptions) {
    this.#cloud = cloud
    this.#options = options
  }

  /**
   * The lines for one reader. If they know no version, they get the reading that is there or goes on. If that one is
   * older than they want, the difference to a newer one follows.
   * @param since the version that the reader has
   * @param fresh whether a person asked for the present state
   * @throws CloudError
   */
  async *lines({ since, fresh }: { since: string | null; fresh: boolean }): AsyncGenerator<Packed, void> {
    this.#forgetLater()
    this.#forgetLater = this.#options.clock.after(FORGET_MS, () => this.#forget())
    const notBefore = fresh ? this.#options.clock.now() - FRESH_MS : Number.NEGATIVE_INFINITY
    let has = since !== null && this.#versions.since(since) !== null ? since : null
    let isOld = true
    // No variable here holds a reading: it would keep all of its servers in memory while a slow reader takes the lines.
    if (has === null) {
      const { lines, version, askedAt } = this.#present(notBefore) ?? (await this.#begun(notBefore))
      yield* lines.follow()
      has = await version
      isOld = askedAt < notBefore
      if (!isOld && has === this.#marked().newest) return
    }
    if (isOld) await (await this.#begun(notBefore)).version
    const difference = await this.#difference(has)
    if (difference) yield* difference
    else yield* (await this.#begun(notBefore)).lines.follow()
  }

  /** What is there already, or goes on. If it is too old, the next reading begins behind it. */
  #present(notBefore: number): SharedLines | null {
    const present = this.#cloud.present()
    if (!present) return null
    if (present.askedAt < notBefore) void this.#begun(notBefore)
    return this.#share(present)
  }

  async #begun(notBefore: number): Promise<SharedLines> {
    return this.#share(await this.#cloud.reading(notBefore))
  }

  #share(reading: ListReading): SharedLines {
    const known = this.#shared.get(reading)
    if (known) return known
    const lines = new Growing<Packed>()
    const version = this.#write(reading, lines, this.#written)
    this.#written = version.then(
      () => lines.end(),
      (error: unknown) => lines.fail(error),
    )
    const shared = { askedAt: reading.askedAt, lines, version }
    this.#shared.set(reading, shared)
    return shared
  }

  /**
   * @param before settles when the reading before this one is written
   * @returns the list's version
   */
  async #write(
    { pages, answer }: ListReading,
    lines: Growing<Packed>,
    before: Promise<unknown>,
  ): Promise<string> {
    const told = new Map<string, Told>()
    const marks = this.#options.watcher?.version ?? 0
    let total: number | null | undefined
    for await (const page of pages.follow()) {
      if (total === undefined) lines.add(await begin(page.total))
      else if (page.total !== total) lines.add(await pack(eventLine({ type: 'total', total: page.total })))
      total = page.total
      await this.#tell(page.servers, told, lines)
    }
    const { list } = await answer
    if (total === undefined) lines.add(await begin(list.servers.length))
    // The list counts: what pages told otherwise is told again, or taken back.
    const servers = new Map(list.servers.map((server) => [server.id, server]))
    await this.#tell(
      [...servers.values()].filter((server) => told.get(server.id)?.server !== server),
      told,
      lines,
    )
    const gone = [...told.keys()].filter((id) => !servers.has(id))
    for (const id of gone) told.delete(id)
    // A short list is written sooner than a long one that was read before it, and must not be taken for the older one.
    await before
    this.#options.onMissing(list.missing)
    this.#versions.advance(told)
    this.#marks = marks
    this.#keep(told, list.missing)
    const version = this.#versions.newest
    lines.add(await pack(goneLine(gone) + missingLine(list.missing) + eventLine({ type: 'end', version })))
    return version
  }

  async #tell(servers: readonly Server[], told: Map<string, Told>, lines: Growing<Packed>): Promise<void> {
    if (servers.length === 0) return
    this.#options.onServers(servers)
    const texts = await inTurns(servers, (server) => {
      const text = JSON.stringify(Server.parse(server))
      const watched = this.#watches(server.id)
      told.set(server.id, { server, digest: hash('sha256', text, 'base64'), watched })
      return marked(text, watched)
    })
    for (const line of serverLines(texts)) lines.add(await pack(line))
  }

  #watches(id: string): boolean {
    return this.#options.watcher?.watches(id) ?? false
  }

  /** The versions, with the lines that are watched now */
  #marked(): ListVersions {
    const { watcher } = this.#options
    if (watcher && watcher.version !== this.#marks) {
      this.#marks = watcher.version
      this.#versions.mark((id) => watcher.watches(id))
      this.#differences.clear()
    }
    return this.#versions
  }

  /** @returns null: the whole list is needed */
  #difference(from: string): Promise<Packed[]> | null {
    const versions = this.#marked()
    const known = this.#differences.get(from)
    if (known) return known
    const differs = versions.since(from)
    const newest = this.#newest
    if (!differs || !newest) return null
    const { changed, gone } = differs
    const version = versions.newest
    // Each reader's difference may be another one, and all share the whole list.
    if (changed.length > Math.max(100, versions.size / 4)) return null
    const servers = changed.flatMap((id) => newest.servers.get(id)?.server ?? [])
    const made = inTurns(servers, (server) =>
      marked(JSON.stringify(Server.parse(server)), this.#watches(server.id)),
    ).then((texts) =>
      Promise.all(
        [
          eventLine({ type: 'begin', whole: false, total: versions.size }),
          ...serverLines(texts),
          goneLine(gone) + missingLine(newest.missing) + eventLine({ type: 'end', version }),
        ].map(pack),
      ),
    )
    if (this.#differences.size >= MOST_DIFFERENCES) this.#differences.clear()
    this.#differences.set(from, made)
    return made
  }

  #keep(servers: ReadonlyMap<string, Told>, missing: ServerList['missing']): void {
    this.#dropNewest()
    this.#newest = { servers, missing }
    this.#differences.clear()
    this.#dropNewest = this.#options.clock.after(2 * SNAPSHOT_MS, () => {
      this.#newest = null
      this.#differences.clear()
    })
  }

  #forget(): void {
    this.#versions = new ListVersions()
  }
}
