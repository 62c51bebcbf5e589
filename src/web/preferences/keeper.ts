import {
  noPreferences,
  type Preferences,
  type PreferencesAnswer,
  type VersionedPreferences,
} from '../../shared/preferences.ts'
import type { Change } from './changes.ts'

/** Where preferences are: the server, or this browser. */
export interface Place {
  read(): Promise<VersionedPreferences>
  keep(next: VersionedPreferences): Promise<PreferencesAnswer>
}

interface Preferred {
  /** With what a person has just done, kept or not */
  preferences: Preferences
  /** They have been read. */
  known: boolean
  /** Why the last change could not be kept. It is tried again with the next one. */
  failure: unknown
}

/** A tab that loses every race has others to blame, and says so. */
const MOST_TRIES = 5

/**
 * Preferences as a page shows them: what is kept, with what a person did since. Changes are sent one after the other.
 * Where another tab was faster, they are made to what that one kept.
 */
export class PreferenceKeeper {
  readonly #place: Place
  readonly #listeners = new Set<() => void>()
  #kept: VersionedPreferences | null = null
  #changes: Change[] = []
  #busy = false
  #preferred: Preferred = { preferences: noPreferences, known: false, failure: null }

  constructor(place: Place) {
    this.#place = place
  }

  /** The same object until something changes. */
  get = (): Preferred => this.#preferred

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads what is kept. What was shown stays where that fails. */
  async refresh(): Promise<void> {
    try {
      const read = await this.#place.read()
      // A change that is under way knows better.
      if (!this.#busy) this.#kept = read
    } catch {
      // A change says why it cannot be kept; who only looks is not disturbed.
    }
    this.#show(this.#preferred.failure)
  }

  async change(change: Change): Promise<void> {
    this.#changes.push(change)
    this.#show(null)
    if (this.#busy) return
    this.#busy = true
    let failure: unknown = null
    try {
      for (let tries = 0; this.#changes.length > 0; ) {
        this.#kept ??= await this.#place.read()
        const sent = this.#changes.length
        const preferences = this.#changes.reduce((before, each) => each(before), this.#kept.preferences)
        const answer = await this.#place.keep({ version: this.#kept.version, preferences })
        if (answer.outcome === 'kept') {
          this.#kept = { version: answer.version, preferences }
          this.#changes = this.#changes.slice(sent)
          tries = 0
        } else {
          this.#kept = answer
          if (++tries === MOST_TRIES) throw new Error('Other tabs changed them each time.')
        }
      }
    } catch (error) {
      failure = error
    }
    this.#busy = false
    this.#show(failure)
  }

  #show(failure: unknown): void {
    const kept = this.#kept?.preferences ?? noPreferences
    const preferences = this.#changes.reduce((before, each) => each(before), kept)
    this.#preferred = { preferences, known: this.#kept !== null, failure }
    for (const listener of this.#listeners) listener()
  }
}
