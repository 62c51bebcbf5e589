import { Counter, Gauge, type Registry } from 'prom-client'

/** This server as one of several, when somebody looks */
export interface ReplicaLook {
  /** New with each start */
  id: string
  /** host:port at which the others reach it */
  address: string
  /** How many replicas it sees, with itself */
  replicas: number
  ownedLines: number
  /** Viewers that it passes on to the owners of their lines */
  passedOn: number
  /** Connections of other replicas */
  taken: number
  /** Since the start: renewals of all leases together, and leases that were lost */
  leases: Readonly<Record<'renewed' | 'unrenewed' | 'expired' | 'taken', number>>
}

/** What Prometheus reads of one of several replicas. */
export class ReplicaMetrics {
  readonly #info: Gauge<'replica' | 'address'>
  readonly #replicas: Gauge
  readonly #owned: Gauge
  readonly #connections: Gauge<'direction'>
  readonly #renewals: Counter<'outcome'>
  readonly #lost: Counter<'why'>

  /** @param prefix of each name */
  constructor(registry: Registry, prefix: string) {
    const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
      new Gauge({ name: prefix + name, help, labelNames, registers: [registry] })
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter({ name: prefix + name, help, labelNames, registers: [registry] })
    this.#info = gauge('replica_info', 'This replica, and where the others reach it', ['replica', 'address'])
    this.#replicas = gauge('replicas', 'Replicas that this one sees, with itself')
    this.#owned = gauge('owned_lines', 'Lines whose lease this replica holds')
    this.#connections = gauge('replica_connections', 'Connections with other replicas', ['direction'])
    this.#renewals = counter('lease_renewals_total', 'Renewals of all leases together', ['outcome'])
    this.#lost = counter('leases_lost_total', 'Lines that another replica may have had meanwhile', ['why'])
  }

  look({ id, address, replicas, ownedLines, passedOn, taken, leases }: ReplicaLook): void {
    this.#info.set({ replica: id, address }, 1)
    this.#replicas.set(replicas)
    this.#owned.set(ownedLines)
    this.#connections.set({ direction: 'out' }, passedOn)
    this.#connections.set({ direction: 'in' }, taken)
    this.#renewals.reset()
    this.#renewals.inc({ outcome: 'confirmed' }, leases.renewed)
    this.#renewals.inc({ outcome: 'failed' }, leases.unrenewed)
    this.#lost.reset()
    for (const why of ['expired', 'taken'] as const) this.#lost.inc({ why }, leases[why])
  }
}
