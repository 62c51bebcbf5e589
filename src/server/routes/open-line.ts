import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { OpenLine } from '../consoles/presences.ts'
import type { Sessions } from '../consoles/sessions.ts'
import { askPeer } from '../replicas/peer.ts'
import type { Replica } from '../replicas/replica.ts'
import { ServerParams } from './servers.ts'

const Answer = z.object({ open: z.nullable(OpenLine) })

const pathOf = (serverId: string) => `/internal/lines/${serverId}`

/** Tells other replicas of a line that this one has. */
export function openLineRoute(
  app: FastifyInstance,
  { sessions }: { sessions: Pick<Sessions, 'openAt'> },
): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .get(
      pathOf(':id'),
      { schema: { hide: true, params: ServerParams, response: { 200: Answer } } },
      async ({ params }) => ({ open: sessions.openAt(params.id) }),
    )
}

/**
 * Asks the replica that has a server's line.
 * @returns null: it has none open, or does not say
 * @throws StoreError
 */
export async function openAtOwner(
  replica: Pick<Replica, 'askOwner'>,
  serverId: string,
): Promise<OpenLine | null> {
  const owner = { get: (path: string) => replica.askOwner(serverId, path) }
  return (await askPeer(owner, pathOf(encodeURIComponent(serverId)), Answer))?.open ?? null
}
