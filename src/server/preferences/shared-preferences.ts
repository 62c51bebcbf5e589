import { createHash, randomUUID } from 'node:crypto'
import {
  noPreferences,
  type Preferences,
  type PreferencesAnswer,
  VersionedPreferences,
} from '../../shared/preferences.ts'
import { type Store, writeOver } from '../store/store.ts'
import type { PreferenceKeeper } from './preference-store.ts'

/** They go if their user has not changed them for so long. */
const KEPT_MS = 2 * 365 * 86_400_000

/** What people keep of the list of servers, in the store that all replicas share. */
export class SharedPreferences implements PreferenceKeeper {
  readonly place = 'disk'
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async of(user: string): Promise<VersionedPreferences> {
    return (await this.#read(user)).known
  }

  async keep(user: string, seen: string, preferences: Preferences): Promise<PreferencesAnswer> {
    const { text, known } = await this.#read(user)
    if (known.version !== seen) return { outcome: 'changed-meanwhile', ...known }
    const next = { version: randomUUID(), preferences }
    const written = JSON.stringify(next)
    const kept = await writeOver(this.#store, keyOf(user), text, written, KEPT_MS)
    if (kept) return { outcome: 'kept', version: next.version }
    return { outcome: 'changed-meanwhile', ...(await this.of(user)) }
  }

  async #read(user: string): Promise<{ text: string | null; known: VersionedPreferences }> {
    const text = await this.#store.get(keyOf(user))
    if (text === null) return { text, known: { version: '', preferences: noPreferences } }
    return { text, known: VersionedPreferences.parse(JSON.parse(text)) }
  }
}

/** A hash, since a user's id may hold anything. */
const keyOf = (user: string) => `preferences:${createHash('sha256').update(user).digest('base64url')}`
