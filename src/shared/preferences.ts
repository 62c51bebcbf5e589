import * as z from 'zod/mini'
import { ServerId } from './server.ts'

/** What one person keeps of the list of servers. It is bounded, since it is kept for as long as there is a disk. */
export const preferenceLimits = { views: 50, favourites: 200, recent: 8, characters: 40_000 }

const short = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))

/** A view of the list under a name: what its address has. */
const SavedView = z.object({
  id: short(40),
  name: short(80),
  search: z.record(short(20), short(4_000)),
})

export const Preferences = z
  .object({
    views: z.array(SavedView).check(z.maxLength(preferenceLimits.views)),
    /** The id of the view that the list opens with. null: all servers */
    defaultView: z.nullable(short(40)),
    /** Ids of servers */
    favourites: z.array(ServerId).check(z.maxLength(preferenceLimits.favourites)),
    /** Ids of the servers whose consoles were opened, the latest first */
    recent: z.array(ServerId).check(z.maxLength(preferenceLimits.recent)),
  })
  .check(z.refine((all) => JSON.stringify(all).length <= preferenceLimits.characters, 'too long'))
export type Preferences = z.infer<typeof Preferences>

export const noPreferences: Preferences = { views: [], defaultView: null, favourites: [], recent: [] }

/** Preferences, and which version of them: each change gives a new one. Empty: nothing was ever kept. */
export const VersionedPreferences = z.object({ version: z.string(), preferences: Preferences })
export type VersionedPreferences = z.infer<typeof VersionedPreferences>

/** Two tabs may change them at once. The second one hears what the first did, and makes its change to that. */
export const PreferencesAnswer = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('kept'), version: z.string() }),
  z.object({ outcome: z.literal('changed-meanwhile'), ...VersionedPreferences.shape }),
])
export type PreferencesAnswer = z.infer<typeof PreferencesAnswer>
