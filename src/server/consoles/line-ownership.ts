import { randomBytes } from 'node:crypto'
import type { Failure } from '../../shared/cause.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { SharedLine } from '../line-log/shared-line.ts'
import type { StoreError } from '../store/store.ts'
import { alwaysGood, type LineLease } from './line-lease.ts'

/** A line that this process has */
export interface OwnedLine {
  readonly lease: LineLease
  /** What replicas share of it; null: there is one process */
  readonly shared: SharedLine | null
  /** @param told is called at most once, and at once where it has happened: it is not ours any more, and why */
  onLost(told: (failure: Failure) => void): void
  /**
   * Gives it to whoever asks next. Nothing of ours may reach the gateway any more.
   * @param unused nobody has listened to it
   */
  release(ways?: { unused: boolean }): Promise<void>
}

/** Decides which process has which line. */
export interface LineOwnership {
  /** Names this process, in the ids of its sessions, too: no other has the name, also none before a restart. */
  readonly replica: string
  /**
   * Takes the line of a server. Where its owner has died, that takes some seconds.
   * @param waitMs another replica is about to give it up: so long it may take at most
   * @throws LineElsewhere; CloudError `store-unreachable`
   */
  take(serverId: string, waitMs?: number): Promise<OwnedLine>
}

export const storeUnreachable = (error: StoreError): Failure => ({
  cause: 'store-unreachable',
  detail: error.message,
})

/** Another replica has the line. Whoever has a request passes it on; others try again later. */
export class LineElsewhere extends CloudError {
  /** Names the replica */
  readonly owner: string

  constructor(owner: string) {
    super({ cause: 'line-moved', detail: 'Another replica has the line of this server.' })
    this.owner = owner
  }
}

const owned: OwnedLine = {
  lease: alwaysGood,
  shared: null,
  onLost() {},
  release: async () => {},
}

/** One process has all lines. */
export const onlyProcess = (): LineOwnership => ({
  replica: randomBytes(6).toString('base64url'),
  take: async () => owned,
})
