import type { Failure } from '../../shared/cause.ts'
import { retriesByItself } from '../../shared/cause.ts'
import type { PowerAction, Server } from '../../shared/server.ts'

/** How often the server is looked at. One look every two seconds makes a minute and a half. */
const LOOKS = 45
/** If a reboot's task was not seen in so many looks, the reboot was too quick to be seen. */
const UNSEEN_LOOKS = 6
export const LOOK_EVERY_MS = 2_000

interface FollowOptions {
  action: PowerAction
  /** Resolves when the next look is due. */
  wait: () => Promise<void>
  /** Asks the cloud for the server. Gives the failure when it does not answer. */
  look: () => Promise<Server | Failure>
}

/** Looks at the server until the accepted action has had its effect. The cloud reports nothing by itself. */
export async function followPower({ action, wait, look }: FollowOptions): Promise<void> {
  let seenAtWork = false
  for (let looks = 1; looks <= LOOKS; looks++) {
    await wait()
    const seen = await look()
    if ('cause' in seen) {
      if (!retriesByItself[seen.cause]) return
      continue
    }
    const atWork = seen.task !== null || seen.status === 'rebooting'
    seenAtWork ||= atWork
    if (atWork) continue
    switch (action) {
      case 'nmi':
        return
      case 'power-on':
        if (seen.power === 'on') return
        break
      case 'power-off':
        if (seen.power === 'off') return
        break
      case 'reboot':
      case 'hard-reboot':
        if (seenAtWork || looks >= UNSEEN_LOOKS) return
    }
  }
}
