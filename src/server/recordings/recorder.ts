import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import pLimit from 'p-limit'
import { type Clock, steadyClock } from '../../shared/clock.ts'
import type { RecordingInfo } from '../../shared/recording.ts'
import type { ProjectRef } from '../../shared/server.ts'
import { errorCode } from '../error-code.ts'
import { RecordingFolder } from './folder.ts'
import type { RecordingSink } from './line-writer.ts'
import { type PartEvent, RecordingParts } from './parts.ts'
import { type OpenMask, Recording } from './recording.ts'
import { expired } from './retention.ts'
import type { RecordingSettings } from './settings.ts'

const DAY_MS = 86_400_000
const MIB = 1024 * 1024

/** What is recorded, and for whom. It is kept beside the recording and holds no secret. */
export interface RecordingSubject {
  serverId: string
  serverName: string
  project: ProjectRef | null
  sessionId: string
  startedBy: string
  startedById: string
}

export interface RecorderOptions {
  settings: RecordingSettings
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>
  clock?: Clock
  /** Opens what stands before each recording. */
  mask?: OpenMask | null
  /** It deleted a recording, or found one that a crash had ended. Nobody asked for either. */
  onByItself?: (what: 'expired' | 'interrupted', info: RecordingInfo) => void
  /** Tests put something else in the place of a file. */
  sink?: (id: string) => Promise<RecordingSink>
}

interface Active {
  recording: Recording
  info: RecordingInfo
  /** Settles when file and facts are written. */
  done: Promise<void>
}

/**
 * Makes recordings and keeps their folder within its limits. The caller decides by `settings.mode` whether a console is
 * recorded.
 */
export class Recorder {
  readonly folder: RecordingFolder
  readonly settings: RecordingSettings
  readonly #options: RecorderOptions
  readonly #clock: Clock
  /** The recordings that nobody has stopped, and the parts that are written */
  readonly #open = new Set<RecordingParts>()
  readonly #active = new Map<string, Active>()
  #cancelSweep: () => void = () => {}
  /** One sweep at a time, so that two never delete the same files. */
  readonly #sweeps = pLimit(1)
  #closed = false

  private constructor(options: RecorderOptions, folder: RecordingFolder) {
    this.#options = options
    this.settings = options.settings
    this.folder = folder
    this.#clock = options.clock ?? steadyClock
  }

  /**
   * Opens the folder, ends what an earlier process left open, and deletes what is too old.
   * @throws ConfigError when the folder cannot be used
   */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const folder = await RecordingFolder.open(options.settings.dir)
    const recorder = new Recorder(options, folder)
    for (const info of folder.infos) {
      if (info.state === 'recording') await recorder.#settle(info)
    }
    await recorder.sweep()
    recorder.#sweepDaily()
    return recorder
  }

  /**
   * Starts a recording at once, without waiting for its file to open.
   * @param told of parts that begin and end by themselves
   */
  start(subject: RecordingSubject, told: (event: PartEvent) => void = () => {}): RecordingParts {
    const parts: RecordingParts = new RecordingParts({
      clock: this.#clock,
      begin: (number, before, onFull) => this.#begin(subject, number, before, onFull),
      told,
    })
    this.#open.add(parts)
    void parts.ended.then(() => this.#open.delete(parts))
    return parts
  }

  #begin(
    subject: RecordingSubject,
    part: number,
    before: Recording | null,
    onFull: () => Recording,
  ): Recording {
    const id = randomUUID()
    const { settings } = this
    const open = async () => {
      await this.folder.writeInfo(info)
      return this.#options.sink ? this.#options.sink(id) : this.folder.create(id)
    }
    const recording = new Recording({
      id,
      title: subject.serverName,
      clock: this.#clock,
      // In the next microtask, when `info` is there.
      open: () => Promise.resolve().then(open),
      maxBytes: settings.maxMib * MIB,
      recordInput: settings.input,
      mask: this.#options.mask ?? null,
      ...(before ? { before } : {}),
      onFull,
    })
    const info: RecordingInfo = {
      id,
      serverId: subject.serverId,
      serverName: subject.serverName,
      project: subject.project,
      sessionId: subject.sessionId,
      part,
      startedBy: subject.startedBy,
      startedById: subject.startedById,
      startedAt: new Date(recording.startedAt).toISOString(),
      endedAt: null,
      duration: 0,
      bytes: 0,
      lostBytes: 0,
      state: 'recording',
      reason: null,
    }
    this.#active.set(id, { recording, info, done: this.#whenEnded(recording, info) })
    this.#options.log.info({ recording: id, server: subject.serverId }, 'recording started')
    return recording
  }

  async #whenEnded(recording: Recording, info: RecordingInfo): Promise<void> {
    const end = await recording.ended
    const endedAt = new Date(recording.startedAt + end.duration * 1000).toISOString()
    // A disk that still takes nothing must not leave an empty recording at each try.
    const isEmpty = info.part > 1 && end.bytes === 0
    const written = isEmpty
      ? this.folder.remove(info.id)
      : this.folder.writeInfo({ ...info, ...end, endedAt })
    await written.catch((error: unknown) => {
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
    if (!recording) return info.state === 'recording' ? this.#settle(info) : info
    const { duration, bytes, lostBytes } = recording
    return { ...info, state: 'recording', endedAt: null, reason: null, duration, bytes, lostBytes }
  }

  async #settle(info: RecordingInfo): Promise<RecordingInfo> {
    this.#options.log.warn({ recording: info.id }, 'recording was interrupted')
    const settled = await this.folder.settle(info)
    this.#options.onByItself?.('interrupted', settled)
    return settled
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
    const files = await this.folder.files()
    for (const id of expired(files, limits, this.#clock.now(), new Set(this.#active.keys()))) {
      const info = this.folder.info(id)
      await this.folder.remove(id)
      this.#options.log.info({ recording: id }, 'recording expired')
      if (info) this.#options.onByItself?.('expired', info)
    }
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
    await Promise.all([...this.#open].map((parts) => parts.stop('The server was shut down.')))
    await Promise.all([...this.#active.values()].map(({ done }) => done))
    // Waits for the sweeps that were asked for before.
    await this.#sweeps(() => {})
  }
}
