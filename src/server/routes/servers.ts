import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { About, ApiError, ServerList } from '../../shared/api.ts'
import type { Clock } from '../../shared/clock.ts'
import { type ProjectRef, Server, ServerId } from '../../shared/server.ts'
import { ServerAttachments } from '../../shared/server-attachments.ts'
import { DescribedDetail } from '../../shared/server-facts.ts'
import { identityOf } from '../access.ts'
import { inTurns } from '../in-turns.ts'
import type { Followers } from '../line-log/reading/followers.ts'
import { loggedFailure } from '../logged-failure.ts'
import { ServerLists } from '../server-list/server-lists.ts'
import type { Watcher } from '../watch/watcher.ts'
import { type PowerRouteOptions, powerRoutes } from './power.ts'
import { serverListRoute } from './server-list.ts'

export const ServerParams = z.object({ id: ServerId })

export interface ServerRouteOptions extends Omit<PowerRouteOptions, 'known'> {
  about: About
  /** The cloud told these servers. */
  onListed: (servers: readonly Server[]) => void
  /** null: no line is watched. */
  watcher: Pick<Watcher, 'watches' | 'version'> | null
  /** Those who read the list */
  listing: Followers
  clock: Clock
}

export function serverRoutes(
  instance: FastifyInstance,
  { about, audit, powered, now, accepted, onListed, watcher, listing, clock }: ServerRouteOptions,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const known = new KnownServers()
  const marked = (server: Server): Server =>
    watcher?.watches(server.id) ? { ...server, watched: true } : server
  const onServers = (servers: readonly Server[]) => {
    known.learn(servers)
    onListed(servers)
  }
  const onMissing = (missing: ServerList['missing']) => {
    for (const { where, failure } of missing)
      instance.log.warn({ where, ...loggedFailure(failure) }, 'servers are missing from the list')
  }
  const lists = new ServerLists({ clock, watcher, onServers, onMissing })
  serverListRoute(instance, { lists, listing, clock })
  api.get(
    '/api/about',
    {
      config: { access: 'anyone' },
      schema: { summary: 'This installation', tags: ['servers'], response: { 200: About } },
    },
    async () => about,
  )
  // The answer is bytes that all askers share, so the typed reply, which would serialise it for each, does not fit.
  instance.get(
    '/api/servers',
    {
      config: { access: 'list' },
      schema: {
        summary: 'All servers, every page of the cloud merged',
        description: 'Some seconds old at most. With `Cache-Control: no-cache` the cloud is asked anew.',
        tags: ['servers'],
        response: { 200: ServerList, default: ApiError },
      },
    },
    async (request, reply) => {
      const snapshot = await identityOf(request).cloud.snapshot({ fresh: asksAnew(request) })
      const bytes = await snapshot.bytes(`list ${watcher?.version ?? 0}`, (list) => {
        onServers(list.servers)
        onMissing(list.missing)
        return serialised(list, marked)
      })
      return reply.type('application/json; charset=utf-8').send(bytes)
    },
  )
  api.get(
    '/api/servers/:id',
    {
      config: { access: 'list' },
      schema: {
        summary: 'One server',
        tags: ['servers'],
        params: ServerParams,
        response: { 200: DescribedDetail, default: ApiError },
      },
    },
    async (request) => {
      const { facts, call, ...server } = await identityOf(request).cloud.getServer(request.params.id)
      known.learn([server])
      onListed([server])
      return { server: marked(server), ...(facts && { facts }), ...(call && { call }) }
    },
  )
  api.get(
    '/api/servers/:id/attachments',
    {
      config: { access: 'list' },
      schema: {
        summary: 'The network cards and volumes of one server',
        description: 'A part that the cloud does not tell has the reason instead (`known: false`).',
        tags: ['servers'],
        params: ServerParams,
        response: { 200: ServerAttachments, default: ApiError },
      },
    },
    (request) => identityOf(request).cloud.attachments(request.params.id),
  )
  powerRoutes(instance, { audit, powered, now, accepted, known })
}

/** The page says this when a person reloads it, as a browser does of a page itself. RFC 9111, section 5.2.1 */
const asksAnew = ({ headers }: FastifyRequest) =>
  /(^|,)\s*(no-cache|max-age=0)\s*(,|$)/i.test(headers['cache-control'] ?? '')

/** The list as JSON, without what the schema does not have. */
async function serialised(
  { servers, missing }: ServerList,
  marked: (server: Server) => Server,
): Promise<Uint8Array> {
  const pieces = await inTurns(servers, (server) => JSON.stringify(Server.parse(marked(server))))
  const others = JSON.stringify(ServerList.parse({ servers: [], missing }).missing)
  return Buffer.from(`{"servers":[${pieces.join(',')}],"missing":${others}}`)
}

interface KnownServer {
  name: string
  project: ProjectRef | null
}

/** What the cloud told of servers, so that an event has it without asking once more. */
class KnownServers {
  /** More servers than any list has */
  static readonly #MAX = 50_000
  readonly #servers = new Map<string, KnownServer>()

  learn(servers: readonly Pick<Server, 'id' | 'name' | 'project'>[]): void {
    for (const { id, name, project } of servers) {
      // The newest go to the end, and the oldest leave.
      this.#servers.delete(id)
      this.#servers.set(id, { name, project })
      if (this.#servers.size <= KnownServers.#MAX) continue
      const [oldest] = this.#servers.keys()
      if (oldest !== undefined) this.#servers.delete(oldest)
    }
  }

  of(id: string): KnownServer | undefined {
    return this.#servers.get(id)
  }
}
