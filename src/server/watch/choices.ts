import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'

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

/** What people chose: to watch a line, or not to watch one that the configuration selects. */
export class Choices {
  readonly #dir: string | null
  readonly #log: FastifyBaseLogger
  readonly #choices: Map<string, Choice>
  #writing: Promise<void> = Promise.resolve()

  private constructor(dir: string | null, log: FastifyBaseLogger, choices: Map<string, Choice>) {
    this.#dir = dir
    this.#log = log
    this.#choices = choices
  }

  /** @param dir null: they are forgotten at the end of this process */
  static async open(dir: string | null, log: FastifyBaseLogger): Promise<Choices> {
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

  /** Resolves when it is on the disk. */
  async set(serverId: string, choice: Choice): Promise<void> {
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
