import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { SignInState, SignOutAnswer } from '../../shared/sign-in.ts'
import type { Identity } from './identity.ts'

/** One way to know who asks: `service`, `iam` or `oidc`. */
export interface SignInMode {
  /** Who asks; or why that is not known. The answer may carry a new id of the sign-in. */
  identify(request: FastifyRequest, reply: FastifyReply): Identity | Failure
  /** What the page shows of it. */
  state(request: FastifyRequest, reply: FastifyReply): SignInState
  /** @param everywhere every sign-in of the user, in other browsers too */
  signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): Promise<SignedOut>
  /** Tells of each sign-in that is over, by its handle: its consoles must end. */
  onEnded(listener: (signIn: string) => void): void
  close(): Promise<void>
}

export interface SignedOut {
  /** Who it was; null: nobody was signed in */
  user: { id: string; name: string } | null
  answer: SignOutAnswer
}
