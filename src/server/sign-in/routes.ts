import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../shared/api.ts'
import { exactDetails } from '../../shared/audit-detail.ts'
import { SignInState, SignOutAnswer, SignOutRequest } from '../../shared/sign-in.ts'
import { type Audit, askerOf } from '../audit/audit.ts'
import type { OpenedSignIn } from './open.ts'

/** The routes that every way to sign in has, and then its own. */
export function signInRoutes(
  instance: FastifyInstance,
  { mode, routes }: Pick<OpenedSignIn, 'mode' | 'routes'>,
  audit: Audit,
): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  api.get(
    '/api/sign-in',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Who is signed in, or how one signs in',
        tags: ['sign-in'],
        response: { 200: SignInState, default: ApiError },
      },
    },
    async (request, reply) => mode.state(request, reply),
  )
  api.post(
    '/api/sign-out',
    {
      // A person who is no longer signed in has what they ask for.
      config: { access: 'anyone' },
      schema: {
        summary: 'Sign out, of this browser or of all',
        tags: ['sign-in'],
        body: SignOutRequest,
        response: { 200: SignOutAnswer, default: ApiError },
      },
    },
    async (request, reply) => {
      const { everywhere } = request.body
      const { user, answer } = await mode.signOut(request, reply, everywhere)
      const detail = everywhere ? exactDetails.everywhere : null
      if (user) audit.record('sign-out', { ...askerOf(request), outcome: 'done', user, detail })
      return answer
    },
  )
  routes(instance, audit)
}
