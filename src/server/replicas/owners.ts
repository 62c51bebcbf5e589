import type { HostPort } from '../environment.ts'
import type { Store } from '../store/store.ts'

/** Who has a server's line */
export type Owner =
  | { state: 'mine' }
  /** Also where it is another that is gone: its lease runs out. */
  | { state: 'nobody' }
  | { state: 'other'; address: HostPort }

/** Tells which replica has what. */
export interface Owners {
  /** @throws StoreError */
  ownerOf(serverId: string): Promise<Owner>
  /**
   * @param boot of a session's id
   * @returns where its replica is reached; null: it is this one, or gone
   * @throws StoreError
   */
  replicaOf(boot: string): Promise<HostPort | null>
}

/** The name of the lease that the owner of a server's line holds */
export const leaseOfLine = (serverId: string): string => `line:${serverId}`

export interface LeaseOwnersOptions {
  store: Pick<Store, 'leaseOf'>
  replicas: { readonly id: string; addressOf(id: string): Promise<HostPort | null> }
}

/** The holder of a line's lease is its owner. */
export class LeaseOwners implements Owners {
  readonly #options: LeaseOwnersOptions

  constructor(options: LeaseOwnersOptions) {
    this.#options = options
  }

  async ownerOf(serverId: string): Promise<Owner> {
    const lease = await this.#options.store.leaseOf(leaseOfLine(serverId))
    if (!lease) return { state: 'nobody' }
    if (lease.holder === this.#options.replicas.id) return { state: 'mine' }
    const address = await this.replicaOf(lease.holder)
    return address ? { state: 'other', address } : { state: 'nobody' }
  }

  async replicaOf(boot: string): Promise<HostPort | null> {
    const { replicas } = this.#options
    return boot === replicas.id ? null : replicas.addressOf(boot)
  }
}
