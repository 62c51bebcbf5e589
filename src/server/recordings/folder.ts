import { appendFile, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pMap, { pMapSkip } from 'p-map'
import { z } from 'zod'
import { RecordingInfo } from '../../shared/recording.ts'
import { errorCode } from '../error-code.ts'
import { openPrivateFolder } from '../private-folder.ts'
import { measureCast } from './cast.ts'
import { ended } from './end-reason.ts'
import type { RecordingSource } from './jobs.ts'
import type { NoteSink } from './note-writer.ts'

const FILE_MODE = 0o600
const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?:cast|notes|json|json\.tmp)$/
/** How many files are read at once: enough to be quick, few enough for any limit of open files. */
const AT_ONCE = { concurrency: 32 }

/** The range of a line's log that a recording names */
const Range = z.object({
  /** The store that has the log: places count in no other. */
  store: z.string(),
  from: z.number(),
  /** null: it is still recorded. */
  to: z.number().nullable(),
})
export type Range = z.infer<typeof Range>

/** null: the recording is an asciicast file, as earlier versions wrote them. */
const Ranged = z.object({ range: Range.nullable().default(null) })

/** A recording's files: the facts, and the notes or the cast. */
export interface StoredRecording {
  id: string
  /** When it was last written, epoch ms */
  modified: number
  bytes: number
}

/**
 * The folder of recordings: `<id>.json` has the facts, with the range of the line's log that it names, and `<id>.notes`
 * what is noted beside that. Recordings of earlier versions have an asciicast file, `<id>.cast`, and no range. It never
 * reads, writes or deletes anything else. The folder belongs to one server process, which reads the facts once and keeps
 * them: a list of 20,000 would open as many files.
 */
export class RecordingFolder {
  readonly #infos = new Map<string, RecordingInfo>()
  readonly #ranges = new Map<string, Range>()
  /** The disk did not take these. */
  readonly #unwritten = new Map<string, { info: RecordingInfo; range: Range | null }>()
  /** Made when it is asked for, and again after a change. */
  #newestFirst: readonly RecordingInfo[] | null = null
  #version = 0

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

  /** Another one after each change */
  get version(): number {
    return this.#version
  }

  /** @returns null where there is no such recording */
  info(id: string): RecordingInfo | null {
    return this.#infos.get(id) ?? null
  }

  /** The stores that the recordings' logs are in */
  get stores(): ReadonlySet<string> {
    return new Set([...this.#ranges.values()].map(({ store }) => store))
  }

  /** @returns null where it is an asciicast file, or there is none */
  range(id: string): Range | null {
    return this.#ranges.get(id) ?? null
  }

  /** Where its bytes are. */
  source(id: string): RecordingSource {
    return this.#ranges.has(id) ? { kind: 'log', id } : { kind: 'cast', path: this.castPath(id) }
  }

  notesPath(id: string): string {
    return join(this.dir, `${z.uuid().parse(id)}.notes`)
  }

  castPath(id: string): string {
    return join(this.dir, `${z.uuid().parse(id)}.cast`)
  }

  #infoPath(id: string): string {
    return join(this.dir, `${z.uuid().parse(id)}.json`)
  }

  /** Where the notes of a recording go. */
  notes(id: string): NoteSink {
    const path = this.notesPath(id)
    return {
      write: (data) => appendFile(path, data, { mode: FILE_MODE }),
      truncate: (bytes) => truncate(path, bytes).catch(ignoreMissing),
    }
  }

  /** Replaces the file in one step, so that a reader sees the old or the new text, never half of it. */
  async writeInfo(info: RecordingInfo, range: Range | null): Promise<void> {
    const path = this.#infoPath(info.id)
    await writeFile(`${path}.tmp`, `${JSON.stringify({ ...info, range })}\n`, { mode: FILE_MODE })
    await rename(`${path}.tmp`, path)
    this.#unwritten.delete(info.id)
    this.#keep(info, range)
  }

  /** Shows these facts, and writes them when the disk takes them. */
  keepUnwritten(info: RecordingInfo, range: Range | null): void {
    this.#unwritten.set(info.id, { info, range })
    this.#keep(info, range)
  }

  async #writeUnwritten(): Promise<void> {
    for (const { info, range } of [...this.#unwritten.values()])
      await this.writeInfo(info, range).catch(() => {})
  }

  async #readFacts(id: string): Promise<{ info: RecordingInfo; range: Range | null } | null> {
    const text = await readFile(this.#infoPath(id), 'utf8').catch(() => null)
    if (text === null) return null
    try {
      const facts: unknown = JSON.parse(text)
      return { info: RecordingInfo.parse(facts), range: Ranged.parse(facts).range }
    } catch {
      return null
    }
  }

  async #load(): Promise<void> {
    const ids = (await readdir(this.dir)).filter((name) => name.endsWith('.json')).flatMap(idOf)
    for (const facts of await pMap(ids, async (id) => (await this.#readFacts(id)) ?? pMapSkip, AT_ONCE)) {
      this.#keep(facts.info, facts.range)
    }
  }

  #keep(info: RecordingInfo, range: Range | null): void {
    this.#infos.set(info.id, info)
    if (range) this.#ranges.set(info.id, range)
    this.#changed()
  }

  #forget(id: string): void {
    if (this.#infos.delete(id)) this.#changed()
    this.#ranges.delete(id)
    this.#unwritten.delete(id)
  }

  #changed(): void {
    this.#newestFirst = null
    this.#version += 1
  }

  /** Every recording, also one of which some files are missing. */
  async files(): Promise<StoredRecording[]> {
    // What is written down while the folder is read may not be among the names.
    const before = [...this.#infos.keys()]
    await this.#writeUnwritten()
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
    for (const id of before) if (!found.has(id) && !this.#unwritten.has(id)) this.#forget(id)
    return [...found.values()]
  }

  /** Ends an asciicast file that a killed process left open: cuts off half a line and notes what is there. */
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
      ...ended({ kind: 'killed' }),
    }
    await this.writeInfo(settled, null)
    return settled
  }

  async remove(id: string): Promise<void> {
    // The facts go last. A deletion that was interrupted then still shows in the list and can be repeated.
    await rm(this.castPath(id), { force: true })
    await rm(this.notesPath(id), { force: true })
    await rm(`${this.#infoPath(id)}.tmp`, { force: true })
    await rm(this.#infoPath(id), { force: true })
    this.#forget(id)
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error
}

function idOf(name: string): string[] {
  const id = NAME.exec(name)?.[1]
  return id ? [id] : []
}
