import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import pLimit from 'p-limit'
import { type Clock, type Now, steadyClock, systemClock } from '../../shared/clock.ts'
import type { RecordingInfo } from '../../shared/recording.ts'
import { errorCode } from '../error-code.ts'
import type { HoldingStore } from '../line-log/store/store.ts'
import type { CastEvents } from './cast.ts'
import { ended } from './end-reason.ts'
import { type Range, RecordingFolder } from './folder.ts'
import { logEvents } from './log-events.ts'
import type { NoteSink } from './note-writer.ts'
import { readNotes } from './notes.ts'
import { type PartEvent, RecordingParts } from './parts.ts'
import { type RecordedLog, Recording } from './recording.ts'
import { RecordingLogs } from './recording-logs.ts'
import { expired } from './retention.ts'
import type { RecordingSettings } from './settings.ts'
import { Settler } from './settler.ts'
import { infoOf, type RecordingSubject } from './subject.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024

export interface RecorderOptions {
  settings: RecordingSettings
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
  /** Has all that lines say. null or absent: a store in the recordings' folder takes what is recorded. */
  store?: HoldingStore | null
  /** Measures durations */
  clock?: Clock
  wall?: Clock
  /** It deleted a recording, or found one that a crash had ended. Nobody asked for either. */
  onByItself?: (what: 'expired' | 'interrupted', info: RecordingInfo) => void
  /** Tests put something else in the place of a file. */
  notes?: (id: string) => NoteSink
}

interface Active {
  recording: Recording
  info: RecordingInfo
  /** Settles when file and facts are written. */
  done: Promise<void>
}

/** A part's decoder, which goes on in the next part */
const newDecoder = () => new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Makes recordings and keeps their folder within its limits. The caller decides by `settings.mode` whether a console is
 * recorded.
 */
export class Recorder {
  readonly folder: RecordingFolder
  readonly settings: RecordingSettings
  readonly #options: RecorderOptions
  readonly #clock: Clock
  readonly #wall: Now
  readonly #logs: RecordingLogs
  readonly #settler: Settler
  /** The recordings that nobody has stopped, and the parts that are written */
  readonly #open = new Set<RecordingParts>()
  readonly #active = new Map<string, Active>()
  #cancelSweep: () => void = () => {}
  /** One sweep at a time, so that two never delete the same files. */
  readonly #sweeps = pLimit(1)
  #closed = false

  private constructor(options: RecorderOptions, folder: RecordingFolder, logs: RecordingLogs) {
    this.#options = options
    this.settings = options.settings
    this.folder = folder
    this.#logs = logs
    this.#settler = new Settler(folder, logs, (info) => {
      options.log.warn({ recording: info.id }, 'recording was interrupted')
      options.onByItself?.('interrupted', info)
    })
    this.#clock = options.clock ?? steadyClock
    this.#wall = options.wall ?? options.clock ?? systemClock
  }

  /**
   * Opens the folder, ends what an earlier process left open, and deletes what is too old.
   * @throws ConfigError when the folder cannot be used
   */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const folder = await RecordingFolder.open(options.settings.dir)
    const { settings, log, store = null, clock } = options
    const logs = await RecordingLogs.open({ settings, folder, store, log, clock: options.wall ?? clock })
    const recorder = new Recorder(options, folder, logs)
    await recorder.#settler.settleAll()
    logs.guard()
    await recorder.sweep()
    recorder.#sweepDaily()
    return recorder
  }

  /** Has the bytes of new recordings, and may have the whole logs of lines. */
  get store(): HoldingStore {
    return this.#logs.store
  }

  /**
   * Starts a recording at once, without waiting for the disk.
   * @param log the line's
   * @param told of parts that begin and end by themselves
   */
  start(
    subject: RecordingSubject,
    log: RecordedLog,
    told: (event: PartEvent) => void = () => {},
  ): RecordingParts {
    const { serverId } = subject
    const typedDecoder = newDecoder()
    const hold = randomUUID()
    const parts: RecordingParts = new RecordingParts({
      clock: this.#clock,
      log,
      begin: (number, from) => this.#begin(subject, log, number, from, typedDecoder),
      // Between two parts, and before a failed one is written, this holds what comes.
      holds: (from) => this.#logs.hold(serverId, hold, this.#range(from)),
      told,
    })
    this.#open.add(parts)
    void parts.ended.then(() => {
      this.#open.delete(parts)
      this.#logs.letGo(serverId, hold)
    })
    return parts
  }

  #begin(
    subject: RecordingSubject,
    log: RecordedLog,
    part: number,
    from: number,
    typedDecoder: TextDecoder,
  ): Recording {
    const id = randomUUID()
    const { settings } = this
    const recording = new Recording({
      id,
      log,
      from,
      clock: this.#clock,
      wall: this.#wall,
      begin: () => this.folder.writeInfo(info, this.#range(from)),
      notes: this.#options.notes?.(id) ?? this.folder.notes(id),
      maxBytes: settings.maxMib * MIB,
      recordInput: settings.input,
      typedDecoder,
    })
    const info = infoOf(subject, { id, part, startedAt: recording.startedAt })
    this.#logs.hold(subject.serverId, id, this.#range(from))
    this.#active.set(id, { recording, info, done: this.#whenEnded(recording, info) })
    this.#options.log.info({ recording: id, server: subject.serverId }, 'recording started')
    return recording
  }

  async #whenEnded(recording: Recording, info: RecordingInfo): Promise<void> {
    const { to, why, ...facts } = await recording.ended
    const end = { ...facts, ...ended(why) }
    const range = this.#range(recording.from, to)
    this.#logs.hold(info.serverId, info.id, range)
    // What the log has in memory only, a killed process would lose.
    await this.store.flush()
    const endedAt = new Date(recording.startedAt + end.duration * 1000).toISOString()
    // A disk that still takes nothing must not leave an empty recording at each try.
    const isEmpty = info.part > 1 && recording.unwritten
    const written = isEmpty ? this.#remove(info) : this.folder.writeInfo({ ...info, ...end, endedAt }, range)
    await written.catch((error: unknown) => {
      if (!isEmpty) this.folder.keepUnwritten({ ...info, ...end, endedAt }, range)
      this.#options.log.warn({ recording: info.id, code: errorCode(error) }, 'recording not written down')
    })
    this.#active.delete(info.id)
    const level = end.state === 'write-failed' ? 'warn' : 'info'
    this.#options.log[level](
      { recording: info.id, state: end.state, bytes: end.bytes, lostBytes: end.lostBytes },
      'recording ended',
    )
    if (!this.#closed) await this.sweep()
  }

  /** Every recording, newest first; those under way with their present length. */
  async list(): Promise<readonly RecordingInfo[]> {
    const { infos } = this.folder
    if (infos.every(({ state }) => state !== 'recording')) return infos
    return Promise.all(infos.map((info) => (info.state === 'recording' ? this.#current(info) : info)))
  }

  /** @returns null where there is no such recording */
  async get(id: string): Promise<RecordingInfo | null> {
    const info = this.folder.info(id)
    return info && this.#current(info)
  }

  async #current(info: RecordingInfo): Promise<RecordingInfo> {
    const recording = this.#active.get(info.id)?.recording
    // It ended, and that could not be written down.
    if (!recording) return info.state === 'recording' ? this.#settler.settle(info) : info
    const { duration, bytes, lostBytes } = recording
    return { ...info, state: 'recording', endedAt: null, reason: null, why: null, duration, bytes, lostBytes }
  }

  #range(from: number, to: number | null = null): Range {
    return { store: this.store.id, from, to }
  }

  /** What a recording of the log says, as an asciicast has it. */
  async *events(id: string): CastEvents {
    const active = this.#active.get(id)
    const info = active?.info ?? this.folder.info(id)
    const range = active ? this.#range(active.recording.from, active.recording.to) : this.folder.range(id)
    if (!info || !range) return
    await active?.recording.flush()
    const reader = this.#logs.reader(range, info.serverId)
    yield* logEvents(
      {
        from: range.from,
        // A mask may still have the newest bytes.
        to: Math.min(range.to ?? range.from, reader?.end ?? Infinity),
        startedAt: Date.parse(info.startedAt),
        isOpen: this.#logs.has(range),
        lastWords: info.state === 'interrupted' ? info.reason : null,
      },
      reader,
      readNotes(this.folder.notesPath(id)),
    )
  }

  /** Takes a recording away. The log keeps of it what its own limits allow. */
  async remove(info: RecordingInfo): Promise<void> {
    await this.#remove(info)
    await this.#logs.sweep()
  }

  async #remove({ id, serverId }: Pick<RecordingInfo, 'id' | 'serverId'>): Promise<void> {
    await this.folder.remove(id)
    this.#logs.letGo(serverId, id)
  }

  isActive(id: string): boolean {
    return this.#active.has(id)
  }

  /** Deletes what is too old or too much. It never rejects: a folder that cannot be swept does not stop recordings. */
  sweep(): Promise<void> {
    return this.#sweeps(async () => {
      try {
        await this.#deleteExpired()
      } catch (error) {
        this.#options.log.warn({ code: errorCode(error) }, 'old recordings could not be deleted')
      }
    })
  }

  async #deleteExpired(): Promise<void> {
    const { days, totalMib } = this.settings
    const limits = { maxAgeMs: days * DAY_MS, maxTotalBytes: totalMib * MIB }
    const before = this.folder.infos
    const files = (await this.folder.files()).map((file) => ({
      ...file,
      serverId: this.folder.info(file.id)?.serverId ?? null,
      bytes: file.bytes + this.#rangeBytes(file.id),
    }))
    // An administrator may have deleted some by hand.
    for (const info of before) if (!this.folder.info(info.id)) this.#logs.letGo(info.serverId, info.id)
    const ids = expired(files, limits, this.#wall.now(), new Set(this.#active.keys()))
    for (const id of ids) {
      const info = this.folder.info(id)
      if (info) await this.#remove(info)
      else await this.folder.remove(id)
      this.#options.log.info({ recording: id }, 'recording expired')
      if (info) this.#options.onByItself?.('expired', info)
    }
    if (ids.length > 0) await this.#logs.sweep()
  }

  /** How much of the log it holds. */
  #rangeBytes(id: string): number {
    const recording = this.#active.get(id)?.recording
    const range = this.folder.range(id)
    const to = recording?.to ?? range?.to
    const from = recording?.from ?? range?.from
    if (from === undefined || typeof to !== 'number') return 0
    return Math.max(0, to - from - (recording?.lostBytes ?? this.folder.info(id)?.lostBytes ?? 0))
  }

  #sweepDaily(): void {
    this.#cancelSweep = this.#clock.after(DAY_MS, () => {
      void this.sweep()
      this.#sweepDaily()
    })
  }

  /** Ends every recording properly. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelSweep()
    await Promise.all([...this.#open].map((parts) => parts.stop({ kind: 'shut-down' })))
    await Promise.all([...this.#active.values()].map(({ done }) => done))
    // Waits for the sweeps that were asked for before.
    await this.#sweeps(() => {})
    await this.#logs.close()
  }
}
