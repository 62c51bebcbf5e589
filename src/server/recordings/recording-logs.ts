import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../shared/clock.ts'
import { DiskStore, type DiskStoreOptions } from '../line-log/store/disk-store.ts'
import type { HeldReader, HoldingStore } from '../line-log/store/store.ts'
import type { Range, RecordingFolder } from './folder.ts'
import { Holds } from './holds.ts'
import type { RecordingSettings } from './settings.ts'

interface RecordingLogsOptions {
  settings: RecordingSettings
  folder: RecordingFolder
  /** Has all that lines say. null: there is none. */
  store: HoldingStore | null
  log: DiskStoreOptions['log']
  clock: Clock | undefined
}

/** The folder in the recordings' folder that has the logs of what is recorded */
const LINES = 'lines'

/**
 * The logs of lines that recordings are ranges of. New ones are in the store that has all that lines say. Where there is
 * none, a store in the recordings' folder has what is recorded, while it is recorded. A recording that was made with the
 * other setting stays where it is.
 */
export class RecordingLogs {
  /** Takes new recordings */
  readonly store: HoldingStore
  readonly #stores: readonly HoldingStore[]
  readonly #own: HoldingStore | null
  /** By the store's id */
  readonly #holds: ReadonlyMap<string, Holds>

  private constructor(given: HoldingStore | null, own: HoldingStore | null) {
    this.#stores = [given, own].filter((store) => store !== null)
    const [store] = this.#stores
    if (!store) throw new Error('Recordings need a store.')
    this.store = store
    this.#own = own
    this.#holds = new Map(this.#stores.map(({ id }) => [id, new Holds()]))
  }

  /** @throws ConfigError if another process has the folder */
  static async open({ settings, folder, store, log, clock }: RecordingLogsOptions): Promise<RecordingLogs> {
    const { dir, days, totalMib } = settings
    const hasOthers = [...folder.stores].some((id) => id !== store?.id)
    const needsOwn = !store || (hasOthers && (await readdir(dir)).includes(LINES))
    const own = needsOwn
      ? await DiskStore.open({
          dir: join(dir, LINES),
          setting: 'BMS_CONSOLE_RECORDINGS_DIR',
          keeps: 'held',
          recorded: true,
          days,
          totalMib,
          lineMib: totalMib,
          log,
          ...(clock ? { clock } : {}),
        })
      : null
    return new RecordingLogs(store, own)
  }

  /** From now on nothing goes that is held. All that recordings name must be held before. */
  guard(): void {
    for (const store of this.#stores) store.hold((serverId) => this.#holds.get(store.id)?.of(serverId) ?? [])
  }

  /** @param to null: it has no end yet */
  hold(serverId: string, id: string, { store, from, to }: Range): void {
    this.#holds.get(store)?.set(serverId, id, { from, to: to ?? Number.POSITIVE_INFINITY })
  }

  letGo(serverId: string, id: string): void {
    for (const holds of this.#holds.values()) holds.delete(serverId, id)
  }

  /** @returns whether the configuration names the store that has this range */
  has({ store }: Range): boolean {
    return this.#holds.has(store)
  }

  /** @returns null if nothing of the line is kept there */
  reader({ store }: Range, serverId: string): HeldReader | null {
    return this.#stores.find(({ id }) => id === store)?.heldReader(serverId) ?? null
  }

  /** What nobody holds any more goes. */
  async sweep(): Promise<void> {
    for (const store of this.#stores) await store.sweep()
  }

  async close(): Promise<void> {
    await this.#own?.close()
  }
}
