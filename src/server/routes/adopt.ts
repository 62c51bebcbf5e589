import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { SharedCloud } from '../clouds/snapshot.ts'
import { isPersonalRefusal } from '../consoles/ask-in-turn.ts'
import { Adoption } from '../consoles/handover.ts'
import type { Sessions } from '../consoles/sessions.ts'
import type { Identity } from '../sign-in/identity.ts'
import type { OpenedSignIn } from '../sign-in/open.ts'
import { inProjectOf, mayIn } from '../sign-in/rights.ts'

interface AdoptRouteOptions extends Pick<OpenedSignIn, 'personOf'> {
  sessions: Pick<Sessions, 'adopt'>
  /** With this service's own credentials; null: only people have any */
  cloud: SharedCloud | null
  /** The line is this replica's soon. */
  onAdopted: (server: Adoption['server'] & Pick<Adoption, 'project'>) => void
}

export const ADOPT_PATH = '/internal/adopt'

/** Another replica ends, and gives its lines away. Only replicas reach what is below `/internal/`. */
export function adoptRoute(app: FastifyInstance, options: AdoptRouteOptions): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    ADOPT_PATH,
    {
      config: { access: 'anyone' },
      schema: { hide: true, body: Adoption, response: { 204: z.null(), 409: z.null() } },
    },
    async ({ body }, reply) => {
      const adopted = await adopt(body, options)
      if (adopted) options.onAdopted({ ...body.server, project: body.project })
      return reply.code(adopted ? 204 : 409).send(null)
    },
  )
}

/** @returns whether it was adopted in the name of one who may have it */
async function adopt(
  { server, project, opener: user, signIns }: Adoption,
  { sessions, cloud, personOf }: AdoptRouteOptions,
): Promise<boolean> {
  if (signIns.length === 0) {
    if (!cloud) return false
    const service = { user, cloud, cloudDecides: false, tenancy: null, signIn: null }
    await sessions.adopt({ ...server, project }, service)
    return true
  }
  for (const signIn of signIns) {
    try {
      const person = await personWith(server.id, signIn, personOf)
      if (!person) continue
      await sessions.adopt({ ...server, project: person.project ?? project }, person)
      return true
    } catch (error) {
      if (!isPersonalRefusal(error)) throw error
    }
  }
  return false
}

/** @returns null: the sign-in is over, or nobody with it opens consoles of this server */
async function personWith(
  serverId: string,
  signIn: string,
  personOf: OpenedSignIn['personOf'],
): Promise<Identity | null> {
  const person = await personOf?.(signIn)
  if (!person) return null
  const there = await inProjectOf(serverId, person)
  return mayIn(there, there.project ?? null, 'open') ? there : null
}
