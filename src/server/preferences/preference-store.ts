import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import {
  noPreferences,
  type Preferences,
  type PreferencesAnswer,
  VersionedPreferences,
} from '../../shared/preferences.ts'
import { errorCode } from '../error-code.ts'
import { jsonOf } from '../json.ts'

/** Without a folder, so many users are remembered: those who changed something last. */
const MOST_IN_MEMORY = 2_000

const nothing: VersionedPreferences = { version: '', preferences: noPreferences }

/** Keeps what people keep of the list of servers, by user. */
export interface PreferenceKeeper {
  /** Where: until this process ends, or longer */
  readonly place: 'memory' | 'disk'
  of(user: string): Promise<VersionedPreferences>
  /** Keeps a change of the version that the user saw. */
  keep(user: string, seen: string, preferences: Preferences): Promise<PreferencesAnswer>
}

/** What people keep of the list of servers, by user: a file for each, or memory where there is no folder. */
export class PreferenceStore implements PreferenceKeeper {
  readonly #dir: string | null
  readonly #log: FastifyBaseLogger
  readonly #memory = new Map<string, VersionedPreferences>()
  #writing: Promise<unknown> = Promise.resolve()

  /** @param dir null: they are forgotten at the end of this process */
  constructor(dir: string | null, log: FastifyBaseLogger) {
    this.#dir = dir === null ? null : join(dir, 'preferences')
    this.#log = log
  }

  get place(): 'memory' | 'disk' {
    return this.#dir === null ? 'memory' : 'disk'
  }

  async of(user: string): Promise<VersionedPreferences> {
    if (this.#dir === null) return this.#memory.get(user) ?? nothing
    const path = pathOf(this.#dir, user)
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null
      throw error
    })
    if (text === null) return nothing
    const parsed = VersionedPreferences.safeParse(jsonOf(text))
    if (parsed.success) return parsed.data
    // Nobody can tell what it held. It stays for who can.
    await rename(path, `${path}.unreadable`)
    this.#log.error({ path }, "a user's preferences cannot be read, so they were set aside")
    return nothing
  }

  /**
   * Keeps a change of the version that the user saw. Resolves when it is on the disk.
   * @throws the disk's error
   */
  keep(user: string, seen: string, preferences: Preferences): Promise<PreferencesAnswer> {
    // One after the other: two changes of one version must not both be taken.
    const kept = this.#writing.then(() => this.#keep(user, seen, preferences))
    this.#writing = kept.catch(() => {})
    return kept
  }

  async #keep(user: string, seen: string, preferences: Preferences): Promise<PreferencesAnswer> {
    const now = await this.of(user)
    if (now.version !== seen) return { outcome: 'changed-meanwhile', ...now }
    // Random, and no count: after a restart without a folder, a count would come again.
    const next = { version: randomUUID(), preferences }
    if (this.#dir === null) this.#remember(user, next)
    else await this.#write(this.#dir, user, next)
    return { outcome: 'kept', version: next.version }
  }

  #remember(user: string, next: VersionedPreferences): void {
    this.#memory.delete(user)
    this.#memory.set(user, next)
    const [oldest] = this.#memory.keys()
    if (this.#memory.size > MOST_IN_MEMORY && oldest !== undefined) this.#memory.delete(oldest)
  }

  async #write(dir: string, user: string, next: VersionedPreferences): Promise<void> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const path = pathOf(dir, user)
    // A process that is killed leaves the old file or the new one, and no half.
    await writeFile(`${path}.new`, `${JSON.stringify(next)}\n`, { mode: 0o600 })
    await rename(`${path}.new`, path)
  }
}

/** A hash, since a user's id may hold anything. */
const pathOf = (dir: string, user: string) =>
  join(dir, `${createHash('sha256').update(user).digest('hex')}.json`)
