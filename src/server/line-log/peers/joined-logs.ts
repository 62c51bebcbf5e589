import type { Clock } from '../../../shared/clock.ts'
import { askPeers, isAnyAway, type Peer } from '../../replicas/peer.ts'
import { type Elsewhere, JoinedReader } from '../reading/joined-reader.ts'
import type { KnownLines, Logs } from '../reading/logs.ts'
import type { LineRef, LogReader } from '../store/store.ts'
import { PeerLog } from './peer-log.ts'
import { KeptLines, KeptLog, peerPaths } from './wire.ts'

export interface JoinedLogsOptions {
  own: Logs
  /** Names this replica's store for good */
  ownStore: string
  /** Who else is there now */
  peers: () => readonly Peer[]
  /** The stores of all replicas that were there lately; null: nobody knows. */
  stores: () => Promise<ReadonlySet<string> | null>
  clock: Clock
}

/** The logs of all lines, joined from what each replica keeps. */
export class JoinedLogs implements Logs {
  readonly #options: JoinedLogsOptions

  constructor(options: JoinedLogsOptions) {
    this.#options = options
  }

  async open(serverId: string): Promise<LogReader> {
    const look = () => this.#look(serverId)
    const [own, elsewhere] = await Promise.all([this.#options.own.open(serverId), look()])
    return new JoinedReader({ own, elsewhere, look, clock: this.#options.clock })
  }

  async lines(): Promise<KnownLines> {
    const [own, answers, stores] = await Promise.all([
      this.#options.own.lines(),
      askPeers(this.#options.peers(), peerPaths.lines, KeptLines),
      this.#options.stores(),
    ])
    const lines = new Map<string, LineRef>()
    // This replica's names are as new as any.
    const all = [...answers.flatMap(({ answer }) => answer?.lines ?? []), ...own.lines]
    for (const line of all) lines.set(line.server.id, line)
    return { lines: [...lines.values()], away: this.#isAway(answers, stores) }
  }

  async #look(serverId: string): Promise<Elsewhere> {
    const [answers, stores] = await Promise.all([
      askPeers(this.#options.peers(), peerPaths.log(serverId), KeptLog),
      this.#options.stores(),
    ])
    const parts = answers.flatMap(({ peer, answer }) => (answer?.log ? new PeerLog(peer, answer.log) : []))
    return { parts, away: this.#isAway(answers, stores) }
  }

  #isAway(
    answers: readonly { answer: { store: string | null } | null }[],
    known: ReadonlySet<string> | null,
  ): boolean {
    return isAnyAway({ own: this.#options.ownStore, known }, answers)
  }
}
