import type { Clock } from '../shared/clock.ts'
import { JoinedLogs } from './line-log/peers/joined-logs.ts'
import { type Logs, logsOf } from './line-log/reading/logs.ts'
import type { HoldingStore } from './line-log/store/store.ts'
import type { OtherReplicas } from './other-replicas.ts'
import { JoinedRecordings } from './recordings/peers/joined-recordings.ts'
import type { Recorder } from './recordings/recorder.ts'
import { OwnRecordings, type Recordings } from './recordings/recordings.ts'

/**
 * The logs of all lines: those of this process, or of all replicas.
 * @param store null: lines are not kept.
 * @param others null: there is one process.
 */
export function allLogs(store: HoldingStore | null, others: OtherReplicas | null, clock: Clock): Logs | null {
  const own = store && logsOf(store, clock)
  if (!own || !others) return own
  const { peers } = others
  return new JoinedLogs({
    own,
    ownStore: store.id,
    peers,
    stores: others.stores('log-stores', store.id),
    clock,
  })
}

/**
 * The recordings of this process, or of all replicas.
 * @param recorder null: recordings are off.
 */
export function allRecordings(recorder: Recorder | null, others: OtherReplicas | null): Recordings | null {
  const own = recorder && new OwnRecordings(recorder)
  if (!own || !others) return own
  const { id } = recorder.store
  return new JoinedRecordings({
    own,
    ownStore: id,
    peers: others.peers,
    stores: others.stores('recording-stores', id),
  })
}
