import type { Failure } from '../../shared/cause.ts'
import { retriesByItself } from '../../shared/cause.ts'
import type { PowerAction, Server } from '../../shared/server.ts'

/** As many looks at the server: for a minute and a half, when one is taken every two seconds. */
const LOOKS = 45
/** A reboot whose task was not seen in as many looks was too quick to be seen. */
const UNSEEN_LOOKS = 6
export const LOOK_EVERY_MS = 2_000

interface FollowOptions {
  action: PowerAction
  /** The next look is due. */
  wait: () => Promise<void>
  /** What the cloud tells of the server now, or why it does not. */
  look: () => Promise<Server | Failure>
}

/** Looks at the server until it is what the accepted action makes of it; the cloud only tells when it is asked. */
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
