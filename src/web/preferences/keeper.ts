import {
  noPreferences,
  Preferences,
  type PreferencesAnswer,
  type VersionedPreferences,
} from '../../shared/preferences.ts'
import type { Change } from './changes.ts'

/** Where preferences are: the server, or this browser. */
export interface Place {
  /** A restart takes them away, and only pages that are open still know them. */
  forgets: boolean
  read(): Promise<VersionedPreferences>
  /** @throws if they cannot be kept */
  keep(next: VersionedPreferences): Promise<PreferencesAnswer>
}

interface Preferred {
  /** With what a person has just done, kept or not */
  preferences: Preferences
  /** Whether they have been read */
  read: 'not yet' | 'failed' | 'done'
  /** Why the last change could not be kept. It is tried again with the next one, and when the page reads again. */
  failure: unknown
}

/** There is no room for a change, so it was not made. */
export class TooMuch extends Error {}

/** A tab that loses every race has others to blame, and says so. */
const MOST_TRIES = 5

/**
 * Preferences as a page shows them: what is kept, with what a person did since. Changes are sent one after the other.
 * Where another tab was faster, they are made to what that one kept.
 */
export class PreferenceKeeper {
  readonly #place: () => Promise<Place>
  readonly #listeners = new Set<() => void>()
  #kept: VersionedPreferences | null = null
  #changes: Change[] = []
  #busy = false
  #preferred: Preferred = { preferences: noPreferences, read: 'not yet', failure: null }

  constructor(place: () => Promise<Place>) {
    this.#place = place
  }

  /** The same object until something changes. */
  get = (): Preferred => this.#preferred

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads what is kept, and tries again what could not be kept. What was shown stays where that fails. */
  refresh = async (): Promise<void> => {
    if (this.#busy) return
    if (this.#changes.length > 0) return this.#send()
    try {
      const place = await this.#place()
      const read = await place.read()
      // A change that is under way knows better.
      if (!this.#busy) this.#hear(place, read)
      this.#show({ read: 'done' })
    } catch {
      // A change says why it cannot be kept; who only looks is not disturbed.
      if (this.#kept === null) this.#show({ read: 'failed' })
    }
  }

  change = async (change: Change): Promise<void> => {
    this.#changes.push(change)
    const fits = this.#kept === null || this.#fit(this.#kept.preferences)
    this.#show({ failure: fits ? null : new TooMuch() })
    if (!this.#busy) await this.#send()
  }

  async #send(): Promise<void> {
    this.#busy = true
    let { failure } = this.#preferred
    if (!(failure instanceof TooMuch)) failure = null
    try {
      for (let tries = 0; this.#changes.length > 0; ) {
        const place = await this.#place()
        if (this.#kept === null) this.#hear(place, await place.read())
        const { version, preferences: before } = this.#kept ?? { version: '', preferences: noPreferences }
        if (!this.#fit(before)) failure = new TooMuch()
        const sent = this.#changes.length
        if (sent === 0) break
        const preferences = made(before, this.#changes)
        const answer = await place.keep({ version, preferences })
        if (answer.outcome === 'kept') {
          this.#kept = { version: answer.version, preferences }
          this.#changes = this.#changes.slice(sent)
          tries = 0
        } else {
          this.#hear(place, answer)
          if (++tries === MOST_TRIES) throw new Error('Other tabs changed them each time.')
        }
      }
    } catch (error) {
      failure = error
    }
    this.#busy = false
    this.#show({ failure, read: this.#kept ? 'done' : 'failed' })
  }

  #hear({ forgets }: Place, { version, preferences }: VersionedPreferences): void {
    // It has started anew. What this page knows is not lost, and goes there with the next change.
    const forgot = forgets && version === '' && this.#kept !== null
    this.#kept = { version, preferences: forgot && this.#kept ? this.#kept.preferences : preferences }
  }

  /** Takes out the changes that there is no room for. Otherwise all later ones would fail with them. */
  #fit(kept: Preferences): boolean {
    let now = kept
    const fitting = this.#changes.filter((change) => {
      const next = change(now)
      const fits = Preferences.safeParse(next).success
      if (fits) now = next
      return fits
    })
    const all = fitting.length === this.#changes.length
    this.#changes = fitting
    return all
  }

  #show(change: Partial<Preferred>): void {
    const preferences = made(this.#kept?.preferences ?? noPreferences, this.#changes)
    this.#preferred = { ...this.#preferred, ...change, preferences }
    for (const listener of this.#listeners) listener()
  }
}

const made = (before: Preferences, changes: readonly Change[]): Preferences =>
  changes.reduce((now, change) => change(now), before)
