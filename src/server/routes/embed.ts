import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../shared/api.ts'
import { exactDetails } from '../../shared/audit-detail.ts'
import type { Failure } from '../../shared/cause.ts'
import { EmbedCheck, EmbedGrant, ExchangeRequest } from '../../shared/embed.ts'
import { type Audit, askerOf, outcomeOf } from '../audit/audit.ts'
import { CloudError } from '../clouds/cloud.ts'
import { bearerOf } from '../embed/embed-mode.ts'
import type { Grants } from '../embed/grants.ts'

export interface EmbedRouteOptions {
  /** null: no page may embed a console. */
  grants: Grants | null
  audit: Audit
  /** The limit of one network. Each console that a portal shows needs an exchange, and then a console. */
  exchangesPerMinute: number
}

export function embedRoutes(instance: FastifyInstance, options: EmbedRouteOptions): void {
  const { grants, audit, exchangesPerMinute } = options
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.post(
    '/api/embed/exchange',
    {
      config: {
        access: 'anyone',
        // Counted by address, or by an IPv6 client's whole /64.
        limit: { perMinute: exchangesPerMinute },
      },
      schema: {
        summary: 'A bearer for a launch ticket; with a bearer in Authorization: its renewal',
        tags: ['embed'],
        body: ExchangeRequest,
        response: { 200: EmbedGrant, default: ApiError },
      },
    },
    async (request) => {
      const shown = bearerOf(request)
      const detail = shown.bearer === 'none' ? exactDetails.embed : exactDetails.embedRenewed
      try {
        if (!grants)
          throw new CloudError({ cause: 'embed-off', detail: 'BMS_CONSOLE_EMBED_ORIGINS is not set.' })
        if (shown.bearer === 'several')
          throw new CloudError({ cause: 'bad-request', detail: 'The request carries more than one bearer.' })
        const before = shown.bearer === 'one' ? shown.value : null
        const { grant, userId } = await grants.exchange(request.body.ticket, before)
        audit.record('sign-in', {
          ...askerOf(request),
          outcome: 'done',
          user: { id: userId, name: grant.user.name },
          server: { id: grant.server, name: null },
          detail,
        })
        return grant
      } catch (error) {
        const failure: Failure = error instanceof CloudError ? error.failure : { cause: 'proxy-error' }
        audit.record('sign-in', {
          ...askerOf(request),
          ...outcomeOf(failure.cause),
          detail: failure.detail ? `${detail}: ${failure.detail}` : detail,
        })
        throw error
      }
    },
  )
  api.get(
    '/api/embed/check',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Whether the page that asks may embed a console; readable by any page',
        tags: ['embed'],
        response: { 200: EmbedCheck },
      },
    },
    async ({ headers: { origin } }, reply) => {
      // The page could find this out by trying. The answer is the same for everybody, since no cookie counts.
      reply.header('access-control-allow-origin', '*').header('vary', 'Origin')
      const allowed = origin !== undefined && (grants?.origins.includes(origin) ?? false)
      return { enabled: grants !== null, allowed }
    },
  )
}
