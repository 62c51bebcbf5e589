import type { Clock } from '../../shared/clock.ts'
import { pause } from '../deadline.ts'
import type { HostPort } from '../environment.ts'
import { LinkError } from './link/link-error.ts'
import type { Owners } from './owners.ts'

/** An owner that is gone is known to be so after 5 s. */
const PATIENCE_MS = 6_000
/** How soon an owner that was not reached is tried again: the line may have another by then. */
const AGAIN_MS = 250

export interface AtOwnerOptions<T> {
  owners: Pick<Owners, 'ownerOf'>
  serverId: string
  clock: Clock
  /** @returns null: another replica has taken the line meanwhile */
  here: () => Promise<T | null>
  /** @throws LinkError */
  there: (address: HostPort) => Promise<T>
}

/**
 * Does something at the replica that has a server's line, wherever that goes meanwhile. Where nobody has it, it is done
 * here. It is done once: what another replica may have begun is not tried again.
 * @throws LinkError where no owner is found in time, or it was cut; StoreError
 */
export async function atOwner<T>({ owners, serverId, clock, here, there }: AtOwnerOptions<T>): Promise<T> {
  const until = clock.now() + PATIENCE_MS
  for (;;) {
    const owner = await owners.ownerOf(serverId)
    if (owner.state === 'other') {
      try {
        return await there(owner.address)
      } catch (error) {
        if (!(error instanceof LinkError) || error.fault === 'cut' || clock.now() >= until) throw error
      }
    } else {
      const done = await here()
      if (done !== null) return done
      if (clock.now() >= until) throw new LinkError('not-owner', 'the line goes from one to another')
    }
    await pause(AGAIN_MS, clock)
  }
}
