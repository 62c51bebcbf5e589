import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../shared/api.ts'
import { SignInState } from '../../shared/sign-in.ts'
import type { Audit } from '../audit/audit.ts'
import type { SignInMode } from '../sign-in/mode.ts'

export function signInRoutes(instance: FastifyInstance, mode: SignInMode, audit: Audit): void {
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
    async (request) => mode.state(request),
  )
  mode.routes(instance, audit)
}
