import type { CurrentUser, Permission } from '../../shared/user.ts'
import type { Cloud } from '../clouds/cloud.ts'

/** The asker, and their rights in the cloud. */
export interface Identity {
  user: CurrentUser & {
    /** Unique and lasting, e.g. `oidc:https://id.example.com#4711`. */
    id: string
  }
  /** The servers that this user reaches. */
  cloud: Cloud
  /**
   * Whether the cloud knows this user (mode `iam`). Then it decides each time that a console is opened, even if its
   * line is open already. Else the cloud knows only this server, and the role decides.
   */
  cloudDecides: boolean
  /** The sign-in that the request came with; null in mode `service`, which has none. */
  signIn: string | null
  /** A user that a portal let in has one server, and no permission of the role but these. */
  confined?: { server: string; permissions: readonly Permission[] }
}
