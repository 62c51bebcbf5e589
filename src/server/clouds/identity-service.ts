import { z } from 'zod'
import type { DomainTerm, IamCredentials, Project } from '../../shared/sign-in.ts'
import type { CloudPart } from './merged-cloud.ts'

/** A project in one region, with a user's own rights. */
export interface OpenedProject extends CloudPart {
  project: { id: string; name: string }
  /** The names of the user's roles there. null: not known yet, since the project could not be opened */
  roles(): readonly string[] | null
}

/** What an account can be opened from again, at another replica. It is as secret as the token. */
export const KeptAccount = z.object({
  token: z.string(),
  /** Whether the user brought the token */
  pasted: z.boolean(),
})
export type KeptAccount = z.infer<typeof KeptAccount>

/** A signed-in user of the cloud. Every method rejects with a `CloudError` and nothing else. */
export interface CloudAccount {
  user: {
    /** Unique and lasting, e.g. `iam:<domain id>/<user id>`. */
    id: string
    name: string
  }
  /** How long the cloud's token is still good, ms. The sign-in cannot last longer. */
  leftMs(): number
  /** The projects that this user may choose from. A project in two regions is there twice. */
  projects(): Promise<Project[]>
  /** Opens these projects. One that is away for a moment is opened later, unless all are. */
  open(keys: readonly string[]): Promise<OpenedProject[]>
  readonly kept: KeptAccount
  /** Revokes the tokens that were asked for here. A token that the user pasted is left alone. */
  close(): Promise<void>
  /** Gives up what was opened here, and leaves the user's own token good, for the other replicas. */
  leave(): Promise<void>
}

/** The part of a cloud that knows its users. */
export interface IdentityService {
  /** What the page calls the cloud. */
  name: string
  /** The domain most users belong to. The sign-in form is filled in with it. */
  domain: string | null
  domainTerm: DomainTerm
  /** @throws CloudError `credentials-refused`, `code-needed`, or as any call */
  signIn(credentials: IamCredentials): Promise<CloudAccount>
  /** Opens an account again. @throws CloudError `signed-out` if the cloud no longer accepts it, or as any call */
  resume(kept: KeptAccount): Promise<CloudAccount>
  close(): Promise<void>
}
