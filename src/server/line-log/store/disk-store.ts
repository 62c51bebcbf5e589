import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import pMap from 'p-map'
import { type Clock, every, systemClock } from '../../../shared/clock.ts'
import { errorCode } from '../../error-code.ts'
import { type Disk, machineDisk } from './disk.ts'
import { Flusher } from './flusher.ts'
import { keyOf, LogFolder } from './folder.ts'
import { HeldSegments, heldReader } from './held.ts'
import { Journal } from './journal.ts'
import { LettingGo } from './letting-go.ts'
import { FolderLock } from './lock.ts'
import { isForgotten, journalBytes, type Limits, segmentBytes, sweep } from './retention.ts'
import { IndexCache } from './segment-index.ts'
import { Segments } from './segments.ts'
import type { HeldReader, HoldingStore, LineReader, LineRef, LineTail, LineWriter, Stretch } from './store.ts'
import { StoredLine } from './stored-line.ts'
import { endOf, takeIn } from './take-in.ts'
import { writerOf } from './writer.ts'

const MIB = 1024 * 1024
/** A killed process loses what came within this time and one write. */
const FLUSH_MS = 500
const SWEEP_MS = 60_000
/** A flood may bring more than the limits within a minute. */
const SWEEP_BYTES = 16 * 1024 * 1024
/** A full disk costs at least so much history: then the next write fits, too. */
const ROOM_BYTES = 4 * 1024 * 1024

export interface DiskStoreOptions extends Limits {
  /** Nobody else may read it. */
  dir: string
  /** The setting that names the folder */
  setting?: string
  /** `held`: only what recordings hold, whatever the limits. */
  keeps?: 'all' | 'held'
  /** Recordings are ranges of it: nothing goes before `hold` is called. */
  recorded?: boolean
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>
  /** It is compared with times that the disk keeps. */
  clock?: Clock
  disk?: Disk
}

/**
 * Keeps the logs of all lines in a folder. Twice a second, or when much came, what all lines said goes to a journal with
 * one write and one sync. From memory, each line's bytes go to its segments in larger pieces. A journal is deleted when
 * segments have what it holds, so it is read only after a process was killed.
 */
export class DiskStore implements HoldingStore {
  readonly id: string
  readonly #options: DiskStoreOptions
  readonly #clock: Clock
  readonly #disk: Disk
  readonly #folder: LogFolder
  readonly #journal: Journal
  readonly #indexes: IndexCache
  readonly #flusher: Flusher
  readonly #lettingGo: LettingGo
  #lock: FolderLock | null = null
  /** By key, as hex */
  readonly #lines = new Map<string, StoredLine>()
  #closing: Promise<void> | null = null
  /** The folder is another process's, or about to be. Nothing goes from there any more. */
  #left = false
  readonly #unnamed = new Map<string, LineRef>()
  #cleaning: Promise<void> | null = null
  /** What segments got since the limits were looked at */
  #unswept = 0
  #warnedAt = Number.NEGATIVE_INFINITY
  readonly #timers: (() => void)[] = []

  private constructor(options: DiskStoreOptions, folder: LogFolder, id: string) {
    this.id = id
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#disk = options.disk ?? machineDisk
    this.#folder = folder
    this.#journal = new Journal(folder.dir, this.#disk, this.#clock, journalBytes(options))
    this.#indexes = new IndexCache(this.#disk)
    this.#flusher = new Flusher({
      journal: this.#journal,
      clock: this.#clock,
      lines: this.#lines,
      segmentBytes: (line) => segmentBytes(line, options, this.#lines.size),
      onKept: (bytes) => this.#kept(bytes),
      onFailed: (error) => this.#failed(error),
    })
    this.#lettingGo = new LettingGo(this.#flusher, options.keeps ?? 'all', options.recorded ?? false)
  }

  /** @throws ConfigError if the folder cannot be used, others may read it, or another process has it */
  static async open(options: DiskStoreOptions): Promise<DiskStore> {
    const { setting = 'BMS_CONSOLE_LINE_LOG_DIR' } = options
    const folder = await LogFolder.open(options.dir, setting)
    const capacity = await (options.disk ?? machineDisk).capacity(folder.dir)
    // A disk smaller than the limit gets small segments, so that little goes when it is full.
    const totalMib = Math.min(options.totalMib, capacity / MIB)
    const store = new DiskStore({ ...options, totalMib }, folder, await folder.identity())
    const lock = await FolderLock.take({
      dir: folder.dir,
      setting,
      clock: store.#clock,
      onLost: () => store.#lost(),
    })
    store.#lock = lock
    try {
      await store.#heal()
    } catch (error) {
      await lock.release()
      throw error
    }
    store.#timers.push(
      every(store.#clock, FLUSH_MS, () => {
        store.#flusher.tick()
        if (store.#unnamed.size > 0) void store.#nameLines()
      }),
      every(store.#clock, SWEEP_MS, () => void store.sweep()),
    )
    return store
  }

  /** When the process before this one was last seen, in epoch ms; null: it ended in peace, or there was none. */
  get lastSeen(): number | null {
    return this.#lock?.lastSeen ?? null
  }

  async #heal(): Promise<void> {
    const found = await this.#folder.lines()
    await pMap(found, ({ key, line }) => this.#add(key, line), { concurrency: 16 })
    await this.#journal.replay((record, file) => {
      const line = this.#lines.get(record.payload.toString('hex', 0, 16))
      line?.replay(record, record.payload.subarray(16), file)
    })
    for (const { backlog } of this.#lines.values()) this.#flusher.found(backlog.bytes)
  }

  async #add(key: string, line: LineRef): Promise<StoredLine> {
    const dir = this.#folder.lineDir(key)
    const segments = new Segments(dir, this.#disk, this.#indexes)
    const held = new HeldSegments(new Segments(join(dir, 'held'), this.#disk, this.#indexes))
    const stored = new StoredLine(line, Buffer.from(key, 'hex'), segments, held, this.#flusher)
    await stored.heal()
    this.#lines.set(key, stored)
    return stored
  }

  async open(ref: LineRef, left: LineTail | null = null): Promise<LineWriter> {
    const key = keyOf(ref.server.id).toString('hex')
    const line = this.#lines.get(key) ?? (await this.#make(key, ref))
    if (line.writing) throw new Error('The line has a writer.')
    line.writing = true
    if (JSON.stringify(line.line) !== JSON.stringify(ref)) {
      line.line = ref
      await this.#folder.name(key, ref).catch((error: unknown) => this.#failed(error))
    }
    if (left && this.#options.keeps === 'held') line.skip(Math.max(0, endOf(left) - line.end))
    else if (left) takeIn(line, left, await line.marks(line.end, line.end))
    return writerOf(line, {
      keeps: this.#options.keeps ?? 'all',
      heldOf: () => this.#lettingGo.heldOf?.(ref.server.id) ?? [],
      failure: () => this.#flusher.failure,
    })
  }

  async #make(key: string, ref: LineRef): Promise<StoredLine> {
    await this.#folder.name(key, ref).catch(async (error: unknown) => {
      this.#failed(error)
      await this.#cleaning
      // Until the disk takes its name, what it says waits in memory.
      await this.#folder.name(key, ref).catch(() => this.#unnamed.set(key, ref))
    })
    return this.#lines.get(key) ?? (await this.#add(key, ref))
  }

  async #nameLines(): Promise<void> {
    for (const [key, ref] of this.#unnamed) {
      try {
        await this.#folder.name(key, ref)
        this.#unnamed.delete(key)
      } catch (error) {
        return this.#failed(error)
      }
    }
  }

  async tail(serverId: string, most: number): Promise<LineTail | null> {
    if (this.#options.keeps === 'held') return null
    return this.#find(serverId)?.tail(most) ?? null
  }

  lines(): readonly LineRef[] {
    return this.#options.keeps === 'held' ? [] : [...this.#lines.values()].map(({ line }) => line)
  }

  reader(serverId: string): LineReader | null {
    return this.#options.keeps === 'held' ? null : this.#find(serverId)
  }

  heldReader(serverId: string): HeldReader | null {
    const line = this.#find(serverId)
    return line && heldReader(line)
  }

  hold(heldOf: (serverId: string) => readonly Stretch[]): void {
    this.#lettingGo.heldOf = heldOf
  }

  #find(serverId: string): StoredLine | null {
    return this.#lines.get(keyOf(serverId).toString('hex')) ?? null
  }

  /** What came until now is on disk when this resolves, if the disk takes it. */
  flush(): Promise<void> {
    return this.#flusher.flush()
  }

  /** Moves everything to segments. */
  drain(): Promise<void> {
    return this.#flusher.drain()
  }

  /** Takes away what the limits do not allow. */
  async sweep(): Promise<void> {
    await this.#cleaning
    if (this.#left) return
    await this.#clean(async () => {
      const lines = [...this.#lines.values()]
      if (this.#options.keeps !== 'held')
        await sweep(lines, this.#options, this.#clock.now(), (line) => this.#lettingGo.drop(line))
      for (const line of lines) {
        if (this.#left) return
        await this.#lettingGo.release(line)
        if (line.held.segments.list.length > 0) continue
        if (!isForgotten(line, this.#options, this.#clock.now()) || this.#flusher.isBusy(line)) continue
        const key = line.key.toString('hex')
        this.#lines.delete(key)
        await this.#folder.forget(key)
      }
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#left = true
    for (const stop of this.#timers) stop()
    for (const line of this.#lines.values()) line.pause()
    await this.#cleaning
    await this.flush()
    this.#flusher.end()
    await this.#lock?.release()
  }

  #kept(bytes: number): void {
    this.#unswept += bytes
    if (this.#unswept < SWEEP_BYTES) return
    this.#unswept = 0
    void this.sweep()
  }

  /** It is tried again, and meanwhile the backlog grows. A full disk costs the oldest history. */
  #failed(error: unknown): void {
    const code = errorCode(error)
    if (this.#clock.now() - this.#warnedAt >= SWEEP_MS) {
      this.#warnedAt = this.#clock.now()
      this.#options.log.warn({ code }, 'the line log cannot be written')
    }
    if (code !== 'ENOSPC' && code !== 'EDQUOT') return
    void this.#clean(() => this.#makeRoom())
  }

  async #makeRoom(): Promise<void> {
    const bytes = await this.#lettingGo.makeRoom([...this.#lines.values()], ROOM_BYTES)
    if (bytes > 0)
      this.#options.log.warn({ bytes }, 'the disk of the line log is full: the oldest segments went')
  }

  #clean(run: () => Promise<void>): Promise<void> {
    this.#cleaning ??= run()
      .catch((error: unknown) => {
        this.#options.log.warn({ code: errorCode(error) }, 'old segments could not be deleted')
      })
      .finally(() => {
        this.#cleaning = null
      })
    return this.#cleaning
  }

  /** Another process took the folder over, since this one stood still for too long. It must not write there. */
  #lost(): void {
    this.#left = true
    for (const stop of this.#timers) stop()
    this.#flusher.end('EBUSY')
    this.#options.log.error({}, 'another process has the folder of the line log: nothing more is kept')
  }
}
