import type { DomainTerm, IamCredentials, Project } from '../../shared/sign-in.ts'
import type { Cloud } from './cloud.ts'

/** Somebody whom the cloud knows. Every method rejects with a `CloudError` and nothing else. */
export interface CloudAccount {
  user: {
    /** Unique and lasting, e.g. `iam:<domain id>/<user id>`. */
    id: string
    name: string
  }
  /** When the cloud's token ends, ms since the epoch: the sign-in cannot last longer. */
  expiresAt: number
  /** The projects that this user may choose from, each in each of its regions. */
  projects(): Promise<Project[]>
  /**
   * The servers of these projects.
   * @returns them, and the names of the user's roles there in the cloud
   */
  open(keys: readonly string[]): Promise<{ cloud: Cloud; roles: string[] }>
  /** Gives up the tokens that were asked for here; one that the user pasted stays the user's. */
  close(): Promise<void>
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
  close(): Promise<void>
}
