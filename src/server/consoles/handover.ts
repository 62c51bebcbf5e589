import pMap from 'p-map'
import { z } from 'zod'
import type { Clock } from '../../shared/clock.ts'
import { ProjectRef } from '../../shared/server.ts'
import { Role } from '../../shared/user.ts'
import { doneWithin } from '../deadline.ts'
import type { Identity } from '../sign-in/identity.ts'
import { askersOf } from './askers.ts'
import type { OpenSession } from './session-opener.ts'

/** So many lines move at a time: each asks the cloud for a link. */
const AT_ONCE = 16
/** The process may be killed 20 s after it was told to end, and has more to do then. */
const MOST_MS = 12_000
/** Each that has ended costs a question before the next is tried. */
const MOST_SIGN_INS = 8

/** A line that another replica is asked to take */
export const Adoption = z.object({
  server: z.object({ id: z.string().min(1).max(200), name: z.string() }),
  project: z.nullable(ProjectRef),
  /** Who opened it */
  opener: z.object({ id: z.string(), name: z.string(), role: Role }),
  /**
   * In whose name the link is asked for, the first who may: handles of sign-ins. They open nothing, and the store has what
   * the cloud wants. None: with the service's own credentials.
   */
  signIns: z.array(z.string().min(1).max(200)).max(MOST_SIGN_INS).default([]),
})
export type Adoption = z.output<typeof Adoption>

/** A line, as it is given away */
type Leaving = Omit<OpenSession, 'session' | 'health'> & {
  session: Pick<OpenSession['session'], 'handOver' | 'clients'>
}

interface Handover {
  /** Takes one line. @returns whether some other replica is ready to have it */
  ask: (adoption: Adoption) => Promise<boolean>
  /** Waits until another has it, or that takes too long. */
  taken: (serverId: string) => Promise<void>
  clock: Clock
}

/**
 * Gives lines to other replicas. Each has its next link before it lets go of this one, so nobody listens for no longer
 * than a connection needs. What cannot be given stays as it is.
 * @returns how many were given
 */
export async function handOver(lines: readonly Leaving[], { ask, taken, clock }: Handover): Promise<number> {
  let given = 0
  const all = pMap(
    lines,
    async (line) => {
      const adoption = adoptionOf(line)
      if (!adoption || !(await ask(adoption))) return
      await line.session.handOver(async () => {
        await line.released
        await taken(line.server.id)
      })
      given += 1
    },
    { concurrency: AT_ONCE },
  )
  await doneWithin(all, MOST_MS, clock)
  return given
}

/** @returns null: the cloud would say yes to none who is known */
function adoptionOf(line: Leaving): Adoption | null {
  const { server, project, opener, holder } = line
  const { user, cloudDecides } = holder?.identity ?? opener
  const { id, name, role } = user
  const signIns = cloudDecides ? signInsOf(askersOf(line)) : []
  if (cloudDecides && signIns.length === 0) return null
  return { server, project, opener: { id, name, role }, signIns }
}

function signInsOf(askers: readonly Identity[]): string[] {
  const own = askers.flatMap(({ cloudDecides, signIn }) => (cloudDecides && signIn !== null ? signIn : []))
  return [...new Set(own)].slice(0, MOST_SIGN_INS)
}
