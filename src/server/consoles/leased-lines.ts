import type { Failure } from '../../shared/cause.ts'
import { type Now, systemClock } from '../../shared/clock.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { KeptLease, LeaseKeeper, Taken, WhyLost } from '../replicas/lease-keeper.ts'
import { leaseOfLine } from '../replicas/owners.ts'
import { type Store, StoreError } from '../store/store.ts'
import { LineElsewhere, type LineOwnership, type OwnedLine, storeUnreachable } from './line-ownership.ts'

/** The lease of an owner that has died is over by then. */
const DEAD_MS = 4_000

interface LeasedLinesOptions {
  keeper: Pick<LeaseKeeper, 'holder' | 'take' | 'takeWithin'>
  store: Pick<Store, 'appendTail' | 'readTail'>
  /** Whether this replica was seen lately. @throws StoreError */
  isLive: (replica: string) => Promise<boolean>
  wall?: Now
}

/** Each line is its lease's holder's. */
export class LeasedLines implements LineOwnership {
  readonly #options: LeasedLinesOptions
  /** Lines of ours whose gateway's connection is still closing */
  readonly #releasing = new Map<string, Promise<void>>()

  constructor(options: LeasedLinesOptions) {
    this.#options = options
  }

  get replica(): string {
    return this.#options.keeper.holder
  }

  async take(serverId: string, waitMs = 0): Promise<OwnedLine> {
    await this.#releasing.get(serverId)
    const lost = new Lost()
    try {
      const taken = await this.#take(leaseOfLine(serverId), waitMs, lost)
      if (taken.state === 'held') throw new LineElsewhere(taken.by)
      if (taken.state === 'waiting')
        throw new CloudError({
          cause: 'store-unreachable',
          detail: 'The store began anew, so owners of lines may be unknown for some seconds.',
          retryAfter: Math.ceil(taken.forMs / 1000),
        })
      return this.#owned(serverId, taken, lost)
    } catch (error) {
      throw error instanceof StoreError ? new CloudError(storeUnreachable(error)) : error
    }
  }

  async #take(name: string, waitMs: number, lost: Lost): Promise<Taken> {
    const { keeper, isLive } = this.#options
    const onLost = (why: WhyLost) => lost.tell(why)
    const taken = await keeper.take(name, onLost)
    if (taken.state === 'acquired') return taken
    // By this process itself: the answer to an earlier question got lost.
    const isOver = taken.state === 'waiting' || taken.by === this.replica || !(await isLive(taken.by))
    const ms = isOver ? DEAD_MS : waitMs
    const of = taken.state === 'held' ? taken.by : null
    return ms === 0 ? taken : keeper.takeWithin(name, { ms, of }, onLost)
  }

  #owned(
    serverId: string,
    { lease: kept, freeMs }: { lease: KeptLease; freeMs: number | null },
    lost: Lost,
  ): OwnedLine {
    const { store, wall = systemClock } = this.#options
    const { name, lease } = kept
    return {
      lease: kept,
      shared: {
        store,
        name,
        lease,
        lastSeen: freeMs === null ? null : wall.now() - freeMs,
        onForgotten: (told) => kept.onForgotten(told),
      },
      onLost: (told) => lost.listen(told),
      release: (ways) => {
        const released = kept.release(ways).finally(() => {
          if (this.#releasing.get(serverId) === released) this.#releasing.delete(serverId)
        })
        this.#releasing.set(serverId, released)
        return released
      },
    }
  }
}

/** Tells once that a lease is over, also whoever listens later. */
class Lost {
  #failure: Failure | null = null
  #told: ((failure: Failure) => void) | null = null

  tell(why: WhyLost): void {
    this.#failure = failureOf(why)
    this.#told?.(this.#failure)
  }

  listen(told: (failure: Failure) => void): void {
    this.#told = told
    if (this.#failure) told(this.#failure)
  }
}

function failureOf(why: WhyLost): Failure {
  switch (why) {
    case 'taken':
      return { cause: 'line-moved', detail: 'Another replica has taken the line.' }
    case 'expired':
      return {
        cause: 'store-unreachable',
        detail: 'The store did not confirm in time that this replica has the line.',
      }
  }
}
