import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import { jsonOf } from '../json.ts'
import { type Store, StoreError } from '../store/store.ts'

const Choice = z.object({
  watched: z.boolean(),
  /** Who chose, by id */
  by: z.string(),
  /** ISO 8601 */
  time: z.string(),
})
export type Choice = z.infer<typeof Choice>

/** By server */
const File = z.object({ choices: z.record(z.string(), Choice) })

const NAME = 'watched-lines.json'
const GROUP = 'watch-choices'
/** A choice for a server goes if nobody chooses again for so long. */
const KEPT_MS = 5 * 365 * 86_400_000

/**
 * What people chose: to watch a line, or not to watch one that the configuration selects. Replicas have it in their
 * store, one process in a file.
 */
export class Choices {
  readonly #store: Store | null
  readonly #dir: string | null
  readonly #log: FastifyBaseLogger
  readonly #choices: Map<string, Choice>
  #writing: Promise<void> = Promise.resolve()

  private constructor(
    dir: string | null,
    log: FastifyBaseLogger,
    choices: Map<string, Choice>,
    store: Store | null = null,
  ) {
    this.#dir = dir
    this.#store = store
    this.#log = log
    this.#choices = choices
  }

  /** @param dir null: they are forgotten at the end of this process, unless the store is shared */
  static async open(
    dir: string | null,
    log: FastifyBaseLogger,
    store: Store | null = null,
  ): Promise<Choices> {
    if (store?.shared) {
      const choices = new Choices(null, log, new Map(), store)
      await choices.refresh()
      return choices
    }
    if (dir === null) return new Choices(dir, log, new Map())
    const path = join(dir, NAME)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    })
    if (text === null) return new Choices(dir, log, new Map())
    const parsed = File.safeParse(jsonOf(text))
    if (parsed.success) return new Choices(dir, log, new Map(Object.entries(parsed.data.choices)))
    // Nobody can tell what people had chosen. The file stays for who can.
    await rename(path, `${path}.unreadable`)
    log.error({ path }, 'what people chose to watch cannot be read, so it was set aside')
    return new Choices(dir, log, new Map())
  }

  of(serverId: string): boolean | undefined {
    return this.#choices.get(serverId)?.watched
  }

  /** Reads what was chosen at other replicas. While the store is away, what is known stays. */
  async refresh(): Promise<void> {
    if (!this.#store) return
    try {
      const members = await this.#store.members(GROUP)
      this.#choices.clear()
      for (const [serverId, text] of members) {
        const choice = Choice.safeParse(jsonOf(text)).data
        if (choice) this.#choices.set(serverId, choice)
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#log.warn({ reason: error.message }, 'what people chose to watch cannot be read')
    }
  }

  /** Resolves when it is on the disk, or in the store. @throws StoreError */
  async set(serverId: string, choice: Choice): Promise<void> {
    await this.#store?.join(GROUP, serverId, JSON.stringify(choice), KEPT_MS)
    this.#choices.set(serverId, choice)
    this.#writing = this.#writing.then(() => this.#write())
    await this.#writing
  }

  async #write(): Promise<void> {
    if (this.#dir === null) return
    const path = join(this.#dir, NAME)
    try {
      await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      const text = `${JSON.stringify({ choices: Object.fromEntries(this.#choices) }, null, 1)}\n`
      // A process that is killed leaves the old file or the new one, and no half.
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    } catch (error) {
      this.#log.error({ err: error }, 'what people chose to watch cannot be kept')
    }
  }
}
