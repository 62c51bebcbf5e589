import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Permission, roleMay } from '../shared/user.ts'
import { CloudError } from './clouds/cloud.ts'
import type { Identity } from './sign-in/identity.ts'
import type { SignInMode } from './sign-in/mode.ts'

/** `anyone`: also without a sign-in. `signed-in`: whatever the role. */
export type Access = Permission | 'anyone' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    identity: Identity | null
  }
}

/** Routes of plugins, which cannot say it themselves. */
const pluginAccess: Readonly<Record<string, Access>> = { '/api/docs': 'signed-in' }

/**
 * Authorisation, in one place and closed by default: a route of the API that does not say whom it is for cannot be
 * registered, and who asks is known before a body is read.
 */
export function guardAccess(app: FastifyInstance, mode: SignInMode): void {
  app.decorateRequest('identity', null)
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) return
    const plugin = Object.entries(pluginAccess).find(([prefix]) => route.url.startsWith(prefix))
    const access = route.config?.access ?? plugin?.[1]
    if (!access) throw new Error(`the route ${route.method} ${route.url} does not say whom it is for`)
    route.config = { ...route.config, access }
  })
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (access === undefined || access === 'anyone') return
    const identified = mode.identify(request, reply)
    if ('cause' in identified) throw new CloudError(identified)
    request.identity = identified
    if (access === 'signed-in') return
    mustHave(identified, access)
  })
}

/** @throws CloudError `role-forbids` */
export function mustHave({ user }: Identity, permission: Permission): void {
  if (roleMay(user.role, permission)) return
  throw new CloudError({
    cause: 'role-forbids',
    detail: `The role ${user.role} does not have the permission “${permission}”.`,
  })
}

/** Who asks, in a route that is not for anyone. */
export function identityOf(request: FastifyRequest): Identity {
  if (!request.identity)
    throw new Error(`${request.routeOptions.url} is open to anyone: nobody is known there`)
  return request.identity
}
