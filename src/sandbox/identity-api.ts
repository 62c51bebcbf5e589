import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../shared/clock.ts'
import { Authentication, IdentityError, MoreMethodsNeeded, TokenRequest } from './identity-auth.ts'
import { type Catalog, wireCatalog, wireProject, wireReceipt, wireToken } from './identity-wire.ts'
import { roleOf, type Token, type TokenStore } from './tokens.ts'

export interface IdentityOptions extends Catalog {
  tokens: TokenStore
  clock: Clock
}

const titles = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' } as const

const ProjectQuery = z.object({
  name: z.string().optional(),
  domain_id: z.string().optional(),
  enabled: z.enum(['true', 'false', 'True', 'False', '1', '0']).optional(),
})

/** The part of IAM's or Keystone's v3 API that sign-in needs. */
export function identityApi(options: IdentityOptions) {
  const { dialect, directory, tokens, clock } = options
  const authentication = new Authentication(dialect, directory, tokens, clock)

  return async (api: FastifyInstance) => {
    const base = (request: FastifyRequest) => `${request.protocol}://${request.host}${api.prefix}`
    api.setErrorHandler((error, request, reply) => {
      if (error instanceof MoreMethodsNeeded) {
        const { receipt } = error
        return reply
          .code(401)
          .header('openstack-auth-receipt', receipt.id)
          .send(wireReceipt(receipt, directory))
      }
      const known =
        error instanceof IdentityError ? error : new IdentityError(400, 'The request is not valid.')
      if (known.status === 401 && dialect === 'keystone')
        reply.header('www-authenticate', `Keystone uri="${base(request).replace(/\/v3$/, '')}"`)
      return reply
        .code(known.status)
        .send({ error: { code: known.status, message: known.message, title: titles[known.status] } })
    })
    if (dialect === 'keystone')
      api.addHook('onRequest', async (_request, reply: FastifyReply) => {
        reply.header('vary', 'X-Auth-Token').header('x-openstack-request-id', `req-${randomUUID()}`)
      })

    /** The token of the caller. @throws IdentityError 401 */
    const caller = (request: FastifyRequest): Token => {
      const token = tokens.find(request.headers['x-auth-token'])
      if (!token) throw new IdentityError(401, 'The request you have made requires authentication.')
      return token
    }
    /** The token that the call is about. Only an administrator may ask about another user's. */
    const subject = (request: FastifyRequest): Token => {
      const asks = caller(request)
      const token = tokens.find(request.headers['x-subject-token'])
      if (!token) throw new IdentityError(404, 'Failed to validate token')
      if (token.user !== asks.user && roleOf(asks) !== 'admin')
        throw new IdentityError(
          403,
          'You are not authorized to perform the requested action: identity:validate_token.',
        )
      return token
    }

    // Clients ask this first, without a token.
    api.get('/', async (request) => ({
      version: {
        id: dialect === 'keystone' ? 'v3.14' : 'v3.6',
        status: 'stable',
        updated: '2020-04-07T00:00:00Z',
        links: [{ rel: 'self', href: `${base(request)}/` }],
        'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
      },
    }))
    api.post('/auth/tokens', async (request, reply) => {
      const { auth } = TokenRequest.parse(request.body)
      const receipt = request.headers['openstack-auth-receipt']
      const token = authentication.authenticate(auth, receipt === undefined ? undefined : String(receipt))
      return reply
        .code(201)
        .header('x-subject-token', token.value)
        .send(wireToken(token, options, wantsCatalog(request)))
    })
    // Fastify adds `HEAD`.
    api.get('/auth/tokens', async (request, reply) => {
      const token = subject(request)
      return reply
        .header('x-subject-token', token.value)
        .send(wireToken(token, options, wantsCatalog(request)))
    })
    api.delete('/auth/tokens', async (request, reply) => {
      tokens.revoke(subject(request))
      return reply.code(204).send()
    })
    api.get('/auth/catalog', async (request) => {
      const token = caller(request)
      if (token.scope.kind === 'unscoped')
        throw new IdentityError(
          403,
          'You are not authorized to perform the requested action: identity:get_auth_catalog.',
        )
      return { catalog: wireCatalog(token, options), links: links(`${base(request)}/auth/catalog`) }
    })
    api.get('/auth/projects', async (request) => {
      const projects = directory.projectsOf(caller(request).user)
      return {
        links: links(`${base(request)}/auth/projects`),
        projects: projects.map((project) => wireProject(project, options, base(request))),
      }
    })
    api.get('/projects', async (request) => {
      const token = caller(request)
      // Keystone has this for administrators. IAM lists the projects of the user's own account.
      if (dialect === 'keystone' && roleOf(token) !== 'admin')
        throw new IdentityError(
          403,
          'You are not authorized to perform the requested action: identity:list_projects.',
        )
      const query = ProjectQuery.parse(request.query)
      const wired = directory
        .projectsOf(token.user)
        .map((project) => wireProject(project, options, base(request)))
        .filter(({ name }) => query.name === undefined || name === query.name)
        .filter(({ domain_id }) => query.domain_id === undefined || domain_id === query.domain_id)
        .filter(() => query.enabled === undefined || /^(true|1)$/i.test(query.enabled))
      return { links: links(`${base(request)}/projects`), projects: wired }
    })
  }
}

const links = (self: string) => ({ self, previous: null, next: null })

/** `?nocatalog` counts with any value, also without one, as in Keystone. */
const wantsCatalog = (request: FastifyRequest) =>
  z.object({ nocatalog: z.unknown() }).partial().parse(request.query).nocatalog === undefined
