import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditAction } from '../shared/audit.ts'
import type { Cause } from '../shared/cause.ts'
import { ServerId } from '../shared/server.ts'
import type { Permission } from '../shared/user.ts'
import { type Audit, askerOf, outcomeOf } from './audit/audit.ts'
import { CloudError } from './clouds/cloud.ts'
import type { Identity } from './sign-in/identity.ts'
import type { SignInMode } from './sign-in/mode.ts'
import { inProjectOf, mayAnywhere } from './sign-in/rights.ts'

/** `anyone`: also without a sign-in. `signed-in`: whatever the role. */
type Access = Permission | 'anyone' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    identity: Identity | null
  }
  interface FastifyInstance {
    /** Who may use each route of the API, by method and path. */
    accessTable: ReadonlyMap<string, Access>
  }
}

/** Plugins register these routes, and cannot say it themselves. */
const pluginAccess: Readonly<Record<string, Access>> = { '/api/docs': 'signed-in' }

/**
 * All authorisation begins here, and it is closed by default. A route of the API must say who may use it, or it cannot
 * be registered. Before a body is read, the asker is known, and the project of the server that a route is about: the
 * role in that project counts. A route about anything else lets in whoever has the permission somewhere, and asks
 * `mayIn` for each thing that it shows or changes.
 */
export function guardAccess(app: FastifyInstance, mode: SignInMode, audit: Audit): void {
  const table = new Map<string, Access>()
  app.decorate('accessTable', table)
  app.decorateRequest('identity', null)
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) return
    const plugin = Object.entries(pluginAccess).find(([prefix]) => route.url.startsWith(prefix))
    const access = route.config?.access ?? plugin?.[1]
    if (!access) throw new Error(`the route ${route.method} ${route.url} does not say whom it is for`)
    route.config = { ...route.config, access }
    for (const method of [route.method].flat()) table.set(`${method} ${route.url}`, access)
  })
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (access === undefined || access === 'anyone') return
    const identified = await mode.identify(request, reply)
    if ('cause' in identified) throw new CloudError(identified)
    request.identity = identified
    mustReach(identified, serverOf(request)?.id)
    if (access === 'signed-in') return
    mustHave(identified, access)
    const server = serverOf(request)
    if (!server || !identified.tenancy) return
    if (!ServerId.safeParse(server.id).success)
      throw new CloudError({ cause: 'bad-request', detail: 'params/id: not a server id' })
    request.identity = await inProjectOf(server.id, identified).catch((error: unknown) => {
      const cause = error instanceof CloudError ? error.failure.cause : 'proxy-error'
      const action = attempts[access]
      // The hook below records what a role forbids.
      if (action && !forbidden.has(cause)) tell(request, action, outcomeOf(cause))
      throw error
    })
    mustHave(request.identity, access)
  })
  // The audit log hears of every role that forbids something here, wherever the request found it out. Routes for
  // anyone belong to signing in, which records its own events.
  app.addHook('onError', async (request, _reply, error) => {
    const { access } = request.routeOptions.config
    const cause = error instanceof CloudError ? error.failure.cause : null
    if (access === undefined || access === 'anyone') return
    if (cause === null || !forbidden.has(cause)) return
    tell(request, attempts[access] ?? 'other', { outcome: 'refused', cause })
  })
  function tell(request: FastifyRequest, action: AuditAction, how: ReturnType<typeof outcomeOf>) {
    const detail = `${request.method} ${request.routeOptions.url}`
    audit.record(action, { ...askerOf(request), ...how, server: serverOf(request), detail })
  }
}

const forbidden: ReadonlySet<Cause> = new Set<Cause>(['role-forbids', 'no-role'])

/** The audit log's name for an attempt without the permission. */
const attempts: Partial<Record<Access, AuditAction>> = {
  open: 'open-console',
  power: 'power',
  watch: 'start-watching',
  'read-log': 'read-log',
  'read-recordings': 'read-recording',
  'delete-recordings': 'delete-recording',
  'read-console-history': 'read-console-history',
  'read-audit': 'read-audit',
}

/** The server that a route is about. */
function serverOf(request: FastifyRequest) {
  if (!request.routeOptions.url?.startsWith('/api/servers/:id')) return null
  const { data } = z.object({ id: z.string() }).safeParse(request.params)
  return data ? { id: data.id, name: null } : null
}

/** @throws CloudError `role-forbids` */
function mustHave(identity: Identity, permission: Permission): void {
  if (mayAnywhere(identity, permission)) return
  const { confined, user } = identity
  const outside = confined && !confined.permissions.includes(permission)
  const who = outside ? 'An embedded console' : `The role ${user.role}`
  throw new CloudError({
    cause: 'role-forbids',
    detail: `${who} does not have the permission “${permission}”.`,
  })
}

/**
 * The cloud alone cannot check this: a viewer joins an open line without asking the cloud.
 * @throws CloudError `server-not-found`
 */
function mustReach({ confined }: Identity, server: string | undefined): void {
  if (!confined || server === undefined || server === confined.server) return
  throw new CloudError({
    cause: 'server-not-found',
    detail: `This console was opened for the server ${confined.server} only.`,
  })
}

/** The asker, in a route that is not for anyone. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity)
    throw new Error(`${request.routeOptions.url} is open to anyone: nobody is known there`)
  return request.identity
}
