import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../../shared/cause.ts'
import type { SignInState, SignOutAnswer } from '../../shared/sign-in.ts'
import type { Identity } from './identity.ts'

/**
 * One way to know who asks: `service`, `iam` or `oidc`. Each call rejects with a `StoreError` where the store is away,
 * which is no sign-out.
 */
export interface SignInMode {
  /** The asker, or why there is none. The answer may carry a new id of the sign-in. */
  identify(request: FastifyRequest, reply: FastifyReply): Identity | Failure | Promise<Identity | Failure>
  /** The page shows this. */
  state(request: FastifyRequest, reply: FastifyReply): SignInState | Promise<SignInState>
  /** @param everywhere every sign-in of the user, in other browsers too */
  signOut(request: FastifyRequest, reply: FastifyReply, everywhere: boolean): Promise<SignedOut>
  /** Announces each sign-in that is over, by its handle: its consoles must end. */
  onEnded(listener: (signIn: string) => void): void
  close(): Promise<void>
}

export interface SignedOut {
  /** The user who left. null: nobody was signed in */
  user: { id: string; name: string } | null
  answer: SignOutAnswer
}
