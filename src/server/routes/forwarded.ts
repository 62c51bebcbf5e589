import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../shared/clock.ts'
import { bootOf } from '../../shared/session-id.ts'
import { CloudError } from '../clouds/cloud.ts'
import { LineElsewhere, storeUnreachable } from '../consoles/line-ownership.ts'
import { atOwner } from '../replicas/at-owner.ts'
import { type Forwarder, NOT_OWNER } from '../replicas/link/forwarder.ts'
import { LinkError } from '../replicas/link/link-error.ts'
import { isFromReplica } from '../replicas/link/link-server.ts'
import type { Owners } from '../replicas/owners.ts'
import { StoreError } from '../store/store.ts'

/** What routes need of the other replicas */
export interface Forwarding {
  owners: Owners
  forwarder: Pick<Forwarder, 'request' | 'upgrade'>
  clock: Clock
}

const RETRY_S = 1

/**
 * Answers a request about a server's line at the replica that has it.
 * @param forwarding null: there is one process
 * @param here answers it in this process
 * @throws CloudError
 */
export async function answerAtOwner<T>(
  { owners, forwarder, clock }: Forwarding,
  request: FastifyRequest,
  reply: FastifyReply,
  serverId: string,
  here: () => Promise<T>,
): Promise<T | FastifyReply> {
  const answered = () => here().catch(elsewhere)
  if (isFromReplica(request)) {
    const answer = await answered()
    return answer ?? reply.code(421).header(NOT_OWNER, '1').send({})
  }
  try {
    return await atOwner<T | FastifyReply>({
      owners,
      serverId,
      clock,
      here: answered,
      there: (address) => forwarder.request(request, reply, address),
    })
  } catch (error) {
    if (error instanceof StoreError) throw new CloudError(storeUnreachable(error))
    if (!(error instanceof LinkError)) throw error
    throw new CloudError({ cause: 'proxy-restarting', detail: error.message, retryAfter: RETRY_S })
  }
}

/** Where two replicas are asked for a line at once, one of them gets it. */
function elsewhere(error: unknown): null {
  if (error instanceof LineElsewhere) return null
  throw error
}

/**
 * Passes a session's WebSocket on to the replica that opened it, before it is accepted here.
 * @returns whether it did; if not, the session is this replica's, or its replica is gone
 */
export async function upgradeAtOwner(
  { owners, forwarder }: Forwarding,
  request: FastifyRequest,
  reply: FastifyReply,
  session: string,
): Promise<boolean> {
  const boot = bootOf(session)
  if (boot === null || isFromReplica(request)) return false
  try {
    const address = await owners.replicaOf(boot)
    if (!address) return false
    await forwarder.upgrade(request, reply, address)
    return true
  } catch (error) {
    if (error instanceof StoreError) throw new CloudError(storeUnreachable(error))
    if (!(error instanceof LinkError)) throw error
    request.log.warn({ why: error.message }, 'the replica of a session is not reached')
    return false
  }
}
