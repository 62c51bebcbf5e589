import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Failure } from '../../../shared/cause.ts'
import { type Audit, askerOf, outcomeOf } from '../../audit/audit.ts'
import { CloudError } from '../../clouds/cloud.ts'
import { StoreError } from '../../store/store.ts'
import { NoRole, type OidcSignIn, oidcPaths } from './oidc.ts'
import { ownPath } from './own-path.ts'

/** Sign-ins that may be begun, and come back, in a minute: each costs calls to the provider. */
const PER_MINUTE = 60

/** 32 bytes in base64url, as we made it. */
const State = z.string().regex(/^[\w-]{43}$/)

/**
 * The two ends of the way to the provider. The browser itself comes here, not the page's code. So a failure sends it to
 * the page with the cause alone, and the page has the words.
 */
export function oidcRoutes(instance: FastifyInstance, mode: OidcSignIn, audit: Audit): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  const sendBack = (error: unknown, request: FastifyRequest, reply: FastifyReply, to = '/') => {
    const { cause, detail } = failureOf(error)
    if (cause === 'proxy-error') request.log.error({ err: error }, 'request failed')
    else request.log.warn({ cause, detail }, 'nobody signed in')
    // A person who is held up could fill the log.
    if (cause !== 'sign-in-throttled') {
      const user = error instanceof NoRole ? error.user : null
      audit.record('sign-in', { ...askerOf(request), ...outcomeOf(cause), user, detail: detail ?? null })
    }
    return reply.redirect(
      `${mode.base}/sign-in?${new URLSearchParams({ failed: cause, ...(to === '/' ? {} : { to }) })}`,
    )
  }
  const route = {
    // A HEAD request would use the answer up.
    exposeHeadRoute: false,
    errorHandler: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendBack(error, request, reply),
  }
  api.get(
    oidcPaths.start,
    {
      ...route,
      config: {
        access: 'anyone',
        limit: { perMinute: PER_MINUTE, by: (request: FastifyRequest) => mode.rateKey(request) },
      },
      schema: {
        summary: "Sends the browser to the provider's sign-in",
        tags: ['sign-in'],
        querystring: z.object({ to: z.string().optional() }),
      },
    },
    async (request, reply) => {
      const to = ownPath(request.query.to)
      try {
        return reply.redirect(await mode.begin(request, reply, to))
      } catch (error) {
        return sendBack(error, request, reply, to)
      }
    },
  )
  api.get(
    oidcPaths.callback,
    {
      ...route,
      config: {
        access: 'anyone',
        limit: {
          perMinute: PER_MINUTE,
          by: (request: FastifyRequest) =>
            mode.rateKeyOfAnswer(
              request,
              z.object({ state: State }).safeParse(request.query).data?.state ?? '',
            ),
        },
      },
      // The client library checks the rest.
      schema: { hide: true, querystring: z.object({ state: State }) },
    },
    async (request, reply) => {
      const start = await mode.begun(request, reply, request.query.state)
      try {
        const user = await mode.finish(request, reply, start)
        audit.record('sign-in', { ...askerOf(request), outcome: 'done', user })
        return reply.redirect(mode.base + start.to)
      } catch (error) {
        return sendBack(error, request, reply, start.to)
      }
    },
  )
}

function failureOf(error: unknown): Failure {
  if (error instanceof CloudError)
    return error.failure.cause === 'too-many-requests' ? { cause: 'sign-in-throttled' } : error.failure
  if (error instanceof StoreError) return { cause: 'store-unreachable' }
  const status = z.object({ statusCode: z.number() }).safeParse(error).data?.statusCode ?? 500
  // The message of a refused query may repeat it, so it stays here.
  return { cause: status < 500 ? 'bad-request' : 'proxy-error' }
}
