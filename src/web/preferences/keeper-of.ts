import type { QueryClient } from '@tanstack/react-query'
import { PreferencesAnswer, VersionedPreferences } from '../../shared/preferences.ts'
import { call } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { aboutQuery } from '../api/queries.ts'
import { browserPlace } from './browser-place.ts'
import { opened } from './changes.ts'
import { PreferenceKeeper } from './keeper.ts'

const serverPlace = {
  read: () => call(paths.preferences(), VersionedPreferences),
  keep: (next: VersionedPreferences) => call(paths.preferences(), PreferencesAnswer, 'PUT', undefined, next),
}

/** Beside what the page has read, so that it is forgotten when somebody else signs in. */
const queryKey = ['preferences']

/** What the person at this page prefers. */
export function keeperOf(client: QueryClient): PreferenceKeeper {
  const known = client.getQueryData<PreferenceKeeper>(queryKey)
  if (known) return known
  const keeper = new PreferenceKeeper(async () => {
    const { preferences } = await client.ensureQueryData(aboutQuery())
    return preferences === 'browser' ? browserPlace : { ...serverPlace, forgets: preferences === 'memory' }
  })
  client.setQueryDefaults(queryKey, { gcTime: Number.POSITIVE_INFINITY })
  client.setQueryData(queryKey, keeper)
  return keeper
}

/** Remembers that a person opened the console of this server. */
export const noteOpened = (client: QueryClient, serverId: string): Promise<void> =>
  keeperOf(client).change(opened(serverId))
