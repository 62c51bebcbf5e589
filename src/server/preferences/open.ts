import type { FastifyBaseLogger } from 'fastify'
import type { Store } from '../store/store.ts'
import { type PreferenceKeeper, PreferenceStore } from './preference-store.ts'
import { SharedPreferences } from './shared-preferences.ts'

/** In the store where replicas share one, else in files below `dir`; null: in memory */
export function openPreferences(store: Store, dir: string | null, log: FastifyBaseLogger): PreferenceKeeper {
  return store.shared ? new SharedPreferences(store) : new PreferenceStore(dir, log)
}
