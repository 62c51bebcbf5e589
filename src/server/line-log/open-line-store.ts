import type { FastifyBaseLogger } from 'fastify'
import type { LineLogSettings } from './settings.ts'
import { DiskStore } from './store/disk-store.ts'
import type { HoldingStore } from './store/store.ts'
import { LineTags } from './tags/line-tags.ts'

/** A store, and when the process that had it before was last seen, in epoch ms; null: it ended in peace. */
export interface OpenedStore {
  /** null: nothing is kept beyond a session. */
  store: HoldingStore | null
  lastSeen: number | null
  /** null: all lines have the same limits. */
  tags: LineTags | null
}

/**
 * @param recorded recordings will be ranges of it
 * @throws ConfigError if the folder cannot be used, or another process has it
 */
export async function openLineStore(
  settings: Readonly<LineLogSettings> | null,
  log: FastifyBaseLogger,
  { recorded = false } = {},
): Promise<OpenedStore> {
  if (!settings) return { store: null, lastSeen: null, tags: null }
  const { tags: rules, ...limits } = settings
  if (rules.length === 0) {
    const store = await DiskStore.open({ ...limits, recorded, log })
    return { store, lastSeen: store.lastSeen, tags: null }
  }
  let tags: LineTags | null = null
  // The store makes the folder, and deletes nothing before it knows the tags.
  const store = await DiskStore.open({
    ...limits,
    limitsOf: (id) => tags?.limitsOf(id) ?? limits,
    recorded,
    log,
  })
  tags = await LineTags.open({ dir: limits.dir, rules, otherwise: limits, log })
  tags.forget((id) => store.reader(id) !== null)
  return { store, lastSeen: store.lastSeen, tags }
}
