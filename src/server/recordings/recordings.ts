import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { RecordingInfo } from '../../shared/recording.ts'
import { type CastEvents, castOf, measureCast } from './cast.ts'
import type { RecordingSource } from './jobs.ts'
import type { Recorder } from './recorder.ts'

export interface KnownRecordings {
  /** Newest first; those under way with their present length */
  infos: readonly RecordingInfo[]
  /** A replica that may have more does not answer. */
  away: boolean
}

export type Found =
  | { kind: 'found'; info: RecordingInfo }
  | { kind: 'none' }
  /** None of those that answer has it. */
  | { kind: 'away' }

/** A recording as an asciicast file */
export interface CastFile {
  body: Readable
  /** null: nobody knows before it is read. */
  bytes: number | null
}

/** All recordings, as routes and searches see them, wherever they are */
export interface Recordings {
  list(): Promise<KnownRecordings>
  find(id: string): Promise<Found>
  /** Where the events of a recording that was listed or found are read */
  sourceOf(id: string): RecordingSource
  /** Whether there is something to read: an administrator may have deleted the file of an asciicast. */
  isReadable(id: string): Promise<boolean>
  /** @returns null: there is nothing to read. */
  cast(info: RecordingInfo): Promise<CastFile | null>
  /** The events of a recording of which the source is a log */
  events(id: string): CastEvents
  /** @returns whether it is gone; if not, its replica does not answer */
  remove(info: RecordingInfo): Promise<boolean>
}

/** The recordings of this process */
export class OwnRecordings implements Recordings {
  readonly #recorder: Recorder

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  has(id: string): boolean {
    return this.#recorder.folder.info(id) !== null
  }

  async list(): Promise<KnownRecordings> {
    return { infos: await this.#recorder.list(), away: false }
  }

  async find(id: string): Promise<Found> {
    const info = await this.#recorder.get(id)
    return info ? { kind: 'found', info } : { kind: 'none' }
  }

  sourceOf(id: string): RecordingSource {
    return this.#recorder.folder.source(id)
  }

  async isReadable(id: string): Promise<boolean> {
    const source = this.sourceOf(id)
    return source.kind === 'log' || (await wholeBytes(source.path)) > 0
  }

  async cast(info: RecordingInfo): Promise<CastFile | null> {
    const source = this.sourceOf(info.id)
    if (source.kind === 'log')
      return { body: Readable.from(castOf(info, this.#recorder.events(info.id))), bytes: null }
    const bytes = await wholeBytes(source.path)
    return bytes > 0 ? { body: createReadStream(source.path, { end: bytes - 1 }), bytes } : null
  }

  events(id: string): CastEvents {
    return this.#recorder.events(id)
  }

  async remove(info: RecordingInfo): Promise<boolean> {
    await this.#recorder.remove(info)
    return true
  }
}

/** Those of the whole lines of an asciicast file; 0: it is gone. */
async function wholeBytes(path: string): Promise<number> {
  const { bytes } = await measureCast(path).catch(() => ({ bytes: 0 }))
  return bytes
}
