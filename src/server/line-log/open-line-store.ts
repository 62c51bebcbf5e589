import type { FastifyBaseLogger } from 'fastify'
import type { LineLogSettings } from './settings.ts'
import { DiskStore } from './store/disk-store.ts'
import type { LineStore } from './store/store.ts'

/** A store, and when the process that had it before was last seen, in epoch ms; null: it ended in peace. */
export interface OpenedStore {
  /** null: nothing is kept beyond a session. */
  store: LineStore | null
  lastSeen: number | null
}

/** @throws ConfigError if the folder cannot be used, or another process has it */
export async function openLineStore(
  settings: Readonly<LineLogSettings> | null,
  log: FastifyBaseLogger,
): Promise<OpenedStore> {
  if (!settings) return { store: null, lastSeen: null }
  const store = await DiskStore.open({ ...settings, log })
  return { store, lastSeen: store.lastSeen }
}
