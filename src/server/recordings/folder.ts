import { open, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap, { pMapSkip } from 'p-map'
import { z } from 'zod'
import { RecordingInfo } from '../../shared/recording.ts'
import { openPrivateFolder } from '../private-folder.ts'
import { measureCast } from './cast.ts'
import type { RecordingSource } from './jobs.ts'
import type { RecordingSink } from './line-writer.ts'

const FILE_MODE = 0o600
const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?:cast|json|json\.tmp)$/
/** How many files are read at once: enough to be quick, few enough for any limit of open files. */
const AT_ONCE = { concurrency: 32 }

/** A recording's files: the cast, the facts, or both. */
export interface StoredRecording {
  id: string
  /** When it was last written, epoch ms */
  modified: number
  bytes: number
}

/**
 * The folder of recordings: `<id>.cast` holds the bytes, `<id>.json` the facts. It never reads, writes or deletes
 * anything else. The folder belongs to one server process, which reads the facts once and keeps them: a list of 20,000
 * would open as many files.
 */
export class RecordingFolder {
  readonly #infos = new Map<string, RecordingInfo>()
  /** Made when it is asked for, and again after a change. */
  #newestFirst: readonly RecordingInfo[] | null = null

  private constructor(readonly dir: string) {}

  /** @throws ConfigError when the folder cannot be made or others may look into it */
  static async open(dir: string): Promise<RecordingFolder> {
    await openPrivateFolder(dir, 'BMS_CONSOLE_RECORDINGS_DIR')
    const folder = new RecordingFolder(dir)
    await folder.#load()
    return folder
  }

  /** The facts of every recording, newest first. */
  get infos(): readonly RecordingInfo[] {
    // ISO 8601 dates of one zone sort as text does.
    this.#newestFirst ??= [...this.#infos.values()].sort((one, other) => {
      if (one.startedAt === other.startedAt) return 0
      return one.startedAt > other.startedAt ? -1 : 1
    })
    return this.#newestFirst
  }

  /** @returns null where there is no such recording */
  info(id: string): RecordingInfo | null {
    return this.#infos.get(id) ?? null
  }

  /** Where its bytes are. */
  source(id: string): RecordingSource {
    return { kind: 'cast', path: this.castPath(id) }
  }

  castPath(id: string): string {
    return join(this.dir, `${z.uuid().parse(id)}.cast`)
  }

  #infoPath(id: string): string {
    return join(this.dir, `${z.uuid().parse(id)}.json`)
  }

  /** Creates the file of a new recording. */
  async create(id: string): Promise<RecordingSink> {
    const file = await open(this.castPath(id), 'ax', FILE_MODE)
    return {
      write: (data) => file.appendFile(data),
      truncate: (bytes) => file.truncate(bytes),
      async close() {
        // Synced once, at the end. Until then the kernel keeps what a killed process wrote.
        await file.datasync().catch(() => {})
        await file.close()
      },
    }
  }

  /** Replaces the file in one step, so that a reader sees the old or the new text, never half of it. */
  async writeInfo(info: RecordingInfo): Promise<void> {
    const path = this.#infoPath(info.id)
    await writeFile(`${path}.tmp`, `${JSON.stringify(info)}\n`, { mode: FILE_MODE })
    await rename(`${path}.tmp`, path)
    this.#keep(info)
  }

  async #readInfo(id: string): Promise<RecordingInfo | null> {
    const text = await readFile(this.#infoPath(id), 'utf8').catch(() => null)
    if (text === null) return null
    try {
      return RecordingInfo.parse(JSON.parse(text))
    } catch {
      return null
    }
  }

  async #load(): Promise<void> {
    const ids = (await readdir(this.dir)).filter((name) => name.endsWith('.json')).flatMap(idOf)
    for (const info of await pMap(ids, async (id) => (await this.#readInfo(id)) ?? pMapSkip, AT_ONCE)) {
      this.#keep(info)
    }
  }

  #keep(info: RecordingInfo): void {
    this.#infos.set(info.id, info)
    this.#newestFirst = null
  }

  #forget(id: string): void {
    if (this.#infos.delete(id)) this.#newestFirst = null
  }

  /** Every recording, also one of which the cast or the facts are missing. */
  async files(): Promise<StoredRecording[]> {
    // What is written down while the folder is read may not be among the names.
    const before = [...this.#infos.keys()]
    const names = (await readdir(this.dir)).filter((name) => NAME.test(name))
    const found = new Map<string, StoredRecording>()
    const add = async (name: string) => {
      const facts = await stat(join(this.dir, name)).catch(() => null)
      const [id] = idOf(name)
      if (!facts || !id) return
      const known = found.get(id) ?? { id, modified: 0, bytes: 0 }
      known.modified = Math.max(known.modified, facts.mtimeMs)
      known.bytes += facts.size
      found.set(id, known)
    }
    await pMap(names, add, AT_ONCE)
    // An administrator may have deleted some by hand.
    for (const id of before) if (!found.has(id)) this.#forget(id)
    return [...found.values()]
  }

  /** Ends a recording that a killed process left open: cuts off half a line and notes what is there. */
  async settle(info: RecordingInfo): Promise<RecordingInfo> {
    const path = this.castPath(info.id)
    const facts = await stat(path).catch(() => null)
    const measured = facts ? await measureCast(path) : { bytes: 0, seconds: 0 }
    if (facts && measured.bytes < facts.size) await truncate(path, measured.bytes)
    const settled: RecordingInfo = {
      ...info,
      state: 'interrupted',
      endedAt: new Date(Date.parse(info.startedAt) + measured.seconds * 1000).toISOString(),
      duration: measured.seconds,
      bytes: measured.bytes,
      reason: 'The server ended during the recording.',
    }
    await this.writeInfo(settled)
    return settled
  }

  async remove(id: string): Promise<void> {
    // The facts go last. A deletion that was interrupted then still shows in the list and can be repeated.
    await rm(this.castPath(id), { force: true })
    await rm(`${this.#infoPath(id)}.tmp`, { force: true })
    await rm(this.#infoPath(id), { force: true })
    this.#forget(id)
  }
}

function idOf(name: string): string[] {
  const id = NAME.exec(name)?.[1]
  return id ? [id] : []
}
