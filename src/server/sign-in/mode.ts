import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { SignInState } from '../../shared/sign-in.ts'
import type { Audit } from '../audit/audit.ts'
import type { Identity } from './identity.ts'

/** One way to know who asks: `service`, `iam` or `oidc`. */
export interface SignInMode {
  /** Who asks; or why that is not known. */
  identify(request: FastifyRequest): Identity | Failure
  /** What the page shows of it. */
  state(request: FastifyRequest): SignInState
  /** Adds the mode's own routes; who signs in and out is told to the audit log. */
  routes(api: FastifyInstance, audit: Audit): void
  /** Tells of each sign-in that is over: its consoles must end. */
  onEnded(listener: (signIn: string) => void): void
  close(): Promise<void>
}
