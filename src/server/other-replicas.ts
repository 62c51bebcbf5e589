import type { Clock } from '../shared/clock.ts'
import { KnownStores, type StoreGroup } from './replicas/known-stores.ts'
import type { Replica } from './replicas/replica.ts'
import type { Store } from './store/store.ts'

interface OtherReplicasOptions {
  replica: Replica
  shared: Pick<Store, 'join' | 'members'>
  clock: Clock
}

export type OtherReplicas = ReturnType<typeof otherReplicas>

/** The other replicas, each of which has parts of what people see */
export function otherReplicas({ replica, shared, clock }: OtherReplicasOptions) {
  const known: KnownStores[] = []
  return {
    /** Those that are there now */
    peers: () => replica.peers,
    /**
     * Tells the others what this one has.
     * @param name names it for good; null: it has nothing that outlives it
     * @returns the names of what all have that were there lately; null: nobody knows
     */
    stores(group: StoreGroup, name: string | null): () => Promise<ReadonlySet<string> | null> {
      const stores = new KnownStores(shared, group, name, clock)
      known.push(stores)
      return () => stores.names()
    },
    close() {
      for (const stores of known) stores.close()
    },
  }
}
