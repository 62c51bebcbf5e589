import type { FastifyBaseLogger } from 'fastify'
import { steadyClock } from '../shared/clock.ts'
import { handOver } from './consoles/handover.ts'
import type { Sessions } from './consoles/sessions.ts'
import type { PublicOrigins } from './origins.ts'
import type { Replica } from './replicas/replica.ts'
import { ADOPT_PATH } from './routes/adopt.ts'

interface GiveLinesOptions {
  sessions: Pick<Sessions, 'leave'>
  origins: Pick<PublicOrigins, 'first'>
  basePath: string
  log: FastifyBaseLogger
}

/** This replica ends, and gives its lines to the others in turn. They are told first, so that none gives it anything more. */
export async function giveLines(
  replica: Replica,
  { sessions, origins, basePath, log }: GiveLinesOptions,
): Promise<void> {
  const open = sessions.leave()
  await replica.drain()
  const { host } = new URL(origins.first)
  let next = 0
  const given = await handOver(open, {
    clock: steadyClock,
    ask: async (adoption) => {
      const { successors } = replica
      const successor = successors[next++ % Math.max(1, successors.length)]
      if (!successor) return false
      const question = { host, path: `${basePath}${ADOPT_PATH}`, body: adoption }
      const status = await replica.ask(successor, question).catch((error: unknown) => {
        log.warn({ server: adoption.server.id, err: error }, 'another replica does not take a line')
        return 0
      })
      return status === 204
    },
  })
  log.info({ lines: open.length, given }, 'lines were given to other replicas')
}
