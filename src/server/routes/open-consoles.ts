import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../shared/api.ts'
import { OpenConsoles } from '../../shared/open-consoles.ts'
import { identityOf } from '../access.ts'
import type { Config } from '../config.ts'
import type { DirectLinks } from '../consoles/direct-links.ts'
import type { Presences } from '../consoles/presences.ts'
import { givesLinks } from '../consoles/transport-choice.ts'
import { isLocalUser } from '../sign-in/service/service.ts'
import type { VisibleConsoles } from './visible-consoles.ts'

interface OpenConsoleRouteOptions {
  config: Config['console']
  presences: Pick<Presences, 'inUse'>
  links: Pick<DirectLinks, 'all' | 'ageOf'>
  visible: VisibleConsoles
  /** Epoch ms */
  now: () => number
}

export function openConsoleRoutes(instance: FastifyInstance, options: OpenConsoleRouteOptions): void {
  const { config, presences, links, visible, now } = options
  const ago = (ms: number) => new Date(now() - ms).toISOString()
  instance.withTypeProvider<ZodTypeProvider>().get(
    '/api/consoles/open',
    {
      // Who may open a console reads there who else is on its line.
      config: { access: 'open' },
      schema: {
        summary: 'The consoles that people have open, among the servers that the asker sees',
        description:
          'Where browsers may connect to gateways themselves, nobody knows of all, and `known` is false: `links` has who was given a link last.',
        tags: ['consoles'],
        response: { 200: OpenConsoles, default: ApiError },
      },
    },
    async (request) => {
      const identity = identityOf(request)
      const isYours = ({ id }: { id: string }) => id === identity.user.id && !isLocalUser({ id })
      const shown = await visible.among(identity, await presences.inUse())
      const given = await visible.among(identity, await links.all())
      return {
        known: !givesLinks(config),
        consoles: shown.map(({ server, session, writer, viewers, forMs }) => ({
          serverId: server.id,
          session,
          writer: writer?.name ?? null,
          yours: writer !== null && isYours(writer),
          viewers,
          since: ago(forMs),
        })),
        links: given.map((link) => ({
          serverId: link.server.id,
          name: link.user.name,
          yours: isYours(link.user),
          since: ago(links.ageOf(link)),
        })),
      }
    },
  )
}
