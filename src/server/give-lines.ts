import type { FastifyBaseLogger } from 'fastify'
import { steadyClock } from '../shared/clock.ts'
import { handOver } from './consoles/handover.ts'
import type { Sessions } from './consoles/sessions.ts'
import { doneWithin, pause } from './deadline.ts'
import type { Replica } from './replicas/replica.ts'
import { ADOPT_PATH } from './routes/adopt.ts'
import { LEAVING_PATH } from './routes/leaving.ts'
import { ignoringStore } from './store/ignoring-store.ts'

interface GiveLinesOptions {
  sessions: Pick<Sessions, 'leave' | 'lines'>
  /** Closes connections on which no request is under way: what comes next comes by another, which leads elsewhere. */
  closeIdle: () => void
  log: FastifyBaseLogger
}

/** A replica that has its link takes a line within milliseconds. */
const TAKEN_MS = 500
const LOOK_MS = 10
/** Viewers that are passed on have so long to hear that this ends. */
const LEFT_MS = 500
/** Its link comes from the cloud. A replica that ends does not wait longer. */
const ADOPTED_MS = 8_000

/**
 * Balancers look each second who is ready. Until they know that this replica is not, they lead pages here that come back,
 * and these would be cut again at its end.
 */
const NOTICED_MS = 2_000

/** This replica ends, and gives its lines to the others in turn. They are told first, so that none gives it anything more. */
export async function giveLines(
  replica: Replica,
  { sessions, closeIdle, log }: GiveLinesOptions,
): Promise<void> {
  const { clock } = replica
  await replica.drain()
  const inUse = sessions.lines().length > 0 || replica.forwarder.spliced > 0
  if (inUse && replica.successors.length > 0) await pause(NOTICED_MS, clock)
  closeIdle()
  await leave(replica)
  const open = sessions.leave()
  let next = 0
  const given = await handOver(open, {
    clock: steadyClock,
    taken: (serverId) => takenBy(replica, serverId),
    ask: async (adoption) => {
      const { successors } = replica
      const successor = successors[next++ % Math.max(1, successors.length)]
      if (!successor) return false
      const answer = await successor.post(ADOPT_PATH, adoption, ADOPTED_MS)
      if (answer?.status === 204) return true
      const status = answer?.status ?? null
      log.warn({ server: adoption.server.id, replica: successor.id, status }, 'another replica takes no line')
      return false
    },
  })
  log.info({ lines: open.length, given }, 'lines were given to other replicas')
}

/** What it passes on ends: the owners tell the viewers, who close. What is left is cut. */
async function leave({ id, clock, forwarder, peers }: Replica): Promise<void> {
  if (forwarder.spliced === 0) return
  const told = Promise.all(peers.map((peer) => peer.post(LEAVING_PATH, { replica: id }, LEFT_MS)))
  const until = clock.now() + LEFT_MS
  await doneWithin(told, LEFT_MS, clock)
  while (forwarder.spliced > 0 && clock.now() < until) await pause(LOOK_MS, clock)
  forwarder.drain()
}

/** Pages that come back earlier would find nobody. */
async function takenBy({ owners, clock }: Replica, serverId: string): Promise<void> {
  const until = clock.now() + TAKEN_MS
  while (clock.now() < until) {
    const owner = await ignoringStore(owners.ownerOf(serverId))
    if (owner?.state === 'other') return
    await pause(LOOK_MS, clock)
  }
}
