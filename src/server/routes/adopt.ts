import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { SharedCloud } from '../clouds/snapshot.ts'
import { Adoption } from '../consoles/handover.ts'
import type { Sessions } from '../consoles/sessions.ts'

interface AdoptRouteOptions {
  sessions: Pick<Sessions, 'adopt'>
  /** With this service's own credentials; null: only people have any */
  cloud: SharedCloud | null
  /** The line is this replica's soon. */
  onAdopted: (server: Adoption['server'] & Pick<Adoption, 'project'>) => void
}

export const ADOPT_PATH = '/internal/adopt'

/** Another replica ends, and gives its lines away. Only replicas reach what is below `/internal/`. */
export function adoptRoute(app: FastifyInstance, { sessions, cloud, onAdopted }: AdoptRouteOptions): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    ADOPT_PATH,
    {
      config: { access: 'anyone' },
      schema: { hide: true, body: Adoption, response: { 204: z.null(), 409: z.null() } },
    },
    async ({ body }, reply) => {
      if (!cloud) return reply.code(409).send(null)
      const { server, project, opener: user } = body
      const opener = { user, cloud, cloudDecides: false, tenancy: null, signIn: null }
      await sessions.adopt({ ...server, project }, opener)
      onAdopted({ ...server, project })
      return reply.code(204).send(null)
    },
  )
}
