import { bothWriters } from '../store/both-writers.ts'
import type { LineStore } from '../store/store.ts'
import type { Shipper } from './shipper.ts'

/** A store that ships what it is given, too. */
export function shippedStore(store: LineStore, shipper: Shipper): LineStore {
  return {
    // What others kept of it was shipped by them.
    open: async (line, left) => bothWriters(await store.open(line, left), shipper.open(line)),
    tail: (serverId, most) => store.tail(serverId, most),
    lines: () => store.lines(),
    reader: (serverId) => store.reader(serverId),
    async close() {
      await store.close()
      await shipper.close()
    },
  }
}
