import pMap from 'p-map'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { ProjectRef } from '../../shared/server.ts'
import { Role } from '../../shared/user.ts'
import { doneWithin } from '../deadline.ts'
import type { OpenSession } from './session-opener.ts'

/** So many lines move at a time: each asks the cloud for a link. */
const AT_ONCE = 16
/** The process may be killed 20 s after it was told to end, and has more to do then. */
const MOST_MS = 12_000

/** A line that another replica is asked to take */
export const Adoption = z.object({
  server: z.object({ id: z.string().min(1).max(200), name: z.string() }),
  project: z.nullable(ProjectRef),
  /** Who opened it. The link is asked for with the service's own credentials. */
  opener: z.object({ id: z.string(), name: z.string(), role: Role }),
})
export type Adoption = z.output<typeof Adoption>

/** A line, as it is given away */
type Leaving = Pick<OpenSession, 'server' | 'project' | 'opener' | 'holder' | 'released'> & {
  session: Pick<OpenSession['session'], 'handOver'>
}

interface Handover {
  /** Takes one line. @returns whether some other replica is ready to have it */
  ask: (adoption: Adoption) => Promise<boolean>
  clock: Clock
}

/**
 * Gives lines to other replicas. Each has its next link before it lets go of this one, so nobody listens for no longer
 * than a connection needs. What cannot be given stays as it is.
 * @returns how many were given
 */
export async function handOver(lines: readonly Leaving[], { ask, clock }: Handover): Promise<number> {
  let given = 0
  const all = pMap(
    lines,
    async (line) => {
      // Only with that person's own sign-in the cloud would say yes.
      if (line.opener.cloudDecides && !line.holder) return
      if (!(await ask(adoptionOf(line)))) return
      await line.session.handOver()
      await line.released
      given += 1
    },
    { concurrency: AT_ONCE },
  )
  await doneWithin(all, MOST_MS, clock)
  return given
}

function adoptionOf({ server, project, opener, holder }: Leaving): Adoption {
  const { id, name, role } = (holder?.identity ?? opener).user
  return { server, project, opener: { id, name, role } }
}
