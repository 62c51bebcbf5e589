import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { ApiError } from '../../../shared/api.ts'
import { IamCredentials, ProjectChoice, ProjectOffer, SignInState } from '../../../shared/sign-in.ts'
import type { Audit } from '../../audit/audit.ts'
import type { IamSignIn } from './iam.ts'

/** Requests to sign in, or to choose projects, in a minute: each costs calls to the cloud. */
const PER_MINUTE = 30

export function iamRoutes(instance: FastifyInstance, mode: IamSignIn, audit: Audit): void {
  const api = instance.withTypeProvider<ZodTypeProvider>()
  /** Each route counts for itself. */
  const limit = () => ({ perMinute: PER_MINUTE, by: (request: FastifyRequest) => mode.rateKey(request) })
  api.post(
    '/api/sign-in/iam',
    {
      config: { access: 'anyone', limit: limit() },
      schema: {
        summary: "Sign in as one of the cloud's users",
        tags: ['sign-in'],
        body: IamCredentials,
        response: { 200: SignInState, default: ApiError },
      },
    },
    (request, reply) => mode.signIn(request, reply, request.body, audit),
  )
  api.get(
    '/api/sign-in/projects',
    {
      config: { access: 'anyone', limit: limit() },
      schema: {
        summary: 'The projects that may be chosen',
        tags: ['sign-in'],
        response: { 200: ProjectOffer, default: ApiError },
      },
    },
    (request, reply) => mode.offer(request, reply),
  )
  api.put(
    '/api/sign-in/projects',
    {
      // Before the choice nobody may reach any server, and so has no identity yet: the mode looks for the sign-in.
      config: { access: 'anyone', limit: limit() },
      schema: {
        summary: 'Choose the projects whose servers are shown',
        tags: ['sign-in'],
        body: ProjectChoice,
        response: { 200: SignInState, default: ApiError },
      },
    },
    (request, reply) => mode.choose(request, reply, request.body.projects, audit),
  )
}
