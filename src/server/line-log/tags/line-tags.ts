import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { Server } from '../../../shared/server.ts'
import { errorCode } from '../../error-code.ts'
import { jsonOf } from '../../json.ts'
import type { LineLimits } from '../store/retention.ts'
import { limitsOf, type TagRule } from './rules.ts'

/** By server */
const File = z.object({ tags: z.record(z.string(), z.array(z.string())) })

const NAME = 'line-tags.json'

interface LineTagsOptions {
  /** The folder of the line log */
  dir: string
  rules: readonly TagRule[]
  /** The limits where nobody knows the tags, or no rule matches them */
  otherwise: LineLimits
  log: Pick<FastifyBaseLogger, 'warn'>
}

/**
 * The tags of servers, and so how much is kept of their lines. Tags change in the cloud, so the newest list decides. What
 * was known last is on the disk: without it, a restart would delete what only a tag keeps, before the cloud was asked.
 */
export class LineTags {
  readonly #options: LineTagsOptions
  /** By server. Those without tags are not in it. */
  readonly #tags: Map<string, readonly string[]>
  readonly #limits = new Map<string, LineLimits>()
  #changed = false
  #writing: Promise<void> | null = null

  private constructor(options: LineTagsOptions, tags: Map<string, readonly string[]>) {
    this.#options = options
    this.#tags = tags
  }

  static async open(options: LineTagsOptions): Promise<LineTags> {
    const path = join(options.dir, NAME)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '{"tags":{}}'
      throw error
    })
    const parsed = File.safeParse(jsonOf(text))
    if (!parsed.success)
      options.log.warn({ path }, 'the tags of lines cannot be read: they count again when the cloud is asked')
    return new LineTags(options, new Map(Object.entries(parsed.data?.tags ?? {})))
  }

  limitsOf(serverId: string): LineLimits {
    const known = this.#limits.get(serverId)
    if (known) return known
    const { rules, otherwise } = this.#options
    const limits = limitsOf(this.#tags.get(serverId) ?? [], rules, otherwise)
    this.#limits.set(serverId, limits)
    return limits
  }

  /** The cloud told these servers. What it does not tell stays as it was: a deleted server's log is kept by its tags. */
  learn(servers: readonly Pick<Server, 'id' | 'tags'>[]): void {
    for (const { id, tags } of servers) {
      const known = this.#tags.get(id) ?? []
      if (known.length === tags.length && tags.every((tag, index) => tag === known[index])) continue
      if (tags.length > 0) this.#tags.set(id, [...tags])
      else this.#tags.delete(id)
      this.#limits.delete(id)
      this.#changed = true
    }
    if (this.#changed) this.#writing ??= this.#write()
  }

  /** Drops what is known of servers whose lines are not kept. */
  forget(isKept: (serverId: string) => boolean): void {
    for (const id of this.#tags.keys()) if (!isKept(id)) this.#tags.delete(id)
    this.#limits.clear()
  }

  /** What was learned is on the disk when this resolves, if the disk takes it. */
  async written(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    const path = join(this.#options.dir, NAME)
    while (this.#changed) {
      this.#changed = false
      try {
        // A process that is killed leaves the old file or the new one, and no half.
        await writeFile(`${path}.new`, JSON.stringify({ tags: Object.fromEntries(this.#tags) }), {
          mode: 0o600,
        })
        await rename(`${path}.new`, path)
      } catch (error) {
        this.#options.log.warn({ code: errorCode(error) }, 'the tags of lines cannot be kept')
      }
    }
    this.#writing = null
  }
}
