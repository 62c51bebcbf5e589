import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { spreadOf } from '../consoles/spread.ts'
import type { ViewerSocket } from '../consoles/viewer-socket.ts'

export const LEAVING_PATH = '/internal/leaving'

/** By its id */
const Leaving = z.object({ replica: z.string().min(1).max(64) })

/** Another replica ends. The viewers that it passes on are told, since it sees bytes only, and they come back at once. */
export function leavingRoute(
  app: FastifyInstance,
  { viewers }: { viewers: Iterable<Pick<ViewerSocket, 'via' | 'sendRound'>> },
): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      LEAVING_PATH,
      { config: { access: 'anyone' }, schema: { hide: true, body: Leaving, response: { 204: z.null() } } },
      async ({ body }, reply) => {
        const passedOn = [...viewers].filter(({ via }) => via === body.replica)
        const failure = { cause: 'proxy-restarting', spreadMs: spreadOf(passedOn.length) } as const
        for (const viewer of passedOn) viewer.sendRound(failure)
        return reply.code(204).send(null)
      },
    )
}
