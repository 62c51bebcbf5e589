import { noPreferences, VersionedPreferences } from '../../shared/preferences.ts'
import type { Place } from './keeper.ts'

export const BROWSER_KEY = 'bms-console.preferences'

/** The browser denies the page its storage, or the storage is full. */
export class NotStored extends Error {}

function read(): VersionedPreferences | null {
  try {
    return VersionedPreferences.parse(JSON.parse(localStorage.getItem(BROWSER_KEY) ?? 'null'))
  } catch {
    return null
  }
}

const nothing: VersionedPreferences = { version: '', preferences: noPreferences }

/** Where nobody signs in. All tabs share it, so it has versions, too. */
export const browserPlace: Place = {
  forgets: false,
  read: async () => read() ?? nothing,
  async keep({ version, preferences }) {
    const now = read()
    if ((now ?? nothing).version !== version) return { outcome: 'changed-meanwhile', ...(now ?? nothing) }
    const next = String(Number(version) + 1)
    try {
      const unreadable = now === null && localStorage.getItem(BROWSER_KEY)
      // Nobody can tell what it held. It stays for who can.
      if (unreadable) localStorage.setItem(`${BROWSER_KEY}.unreadable`, unreadable)
      localStorage.setItem(BROWSER_KEY, JSON.stringify({ version: next, preferences }))
    } catch (cause) {
      throw new NotStored('', { cause })
    }
    return { outcome: 'kept', version: next }
  },
}
