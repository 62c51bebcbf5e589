import type { Clock } from '../shared/clock.ts'
import { JoinedLogs } from './line-log/peers/joined-logs.ts'
import { KnownStores } from './line-log/peers/known-stores.ts'
import { type Logs, logsOf } from './line-log/reading/logs.ts'
import type { HoldingStore } from './line-log/store/store.ts'
import type { PublicOrigins } from './origins.ts'
import type { Replica } from './replicas/replica.ts'
import type { Store } from './store/store.ts'

interface AllLogsOptions {
  /** null: lines are not kept. */
  store: HoldingStore | null
  /** null: there is one process. */
  replica: Replica | null
  shared: Pick<Store, 'join' | 'members'>
  origins: PublicOrigins
  basePath: string
  clock: Clock
}

/** The logs of all lines: those of this process, or of all replicas. */
export function allLogs(options: AllLogsOptions): { logs: Logs | null; close: () => void } {
  const { store, replica, shared, origins, basePath, clock } = options
  const own = store && logsOf(store, clock)
  if (!own || !replica) return { logs: own, close() {} }
  const stores = new KnownStores(shared, store.id, clock)
  const questions = replica.questions({ host: () => new URL(origins.first).host, basePath })
  const logs = new JoinedLogs({
    own,
    ownStore: store.id,
    peers: () => replica.peers(questions),
    stores: () => stores.names(),
    clock,
  })
  const close = () => {
    stores.close()
    questions.close()
  }
  return { logs, close }
}
