import type { CurrentUser, Permission } from '../../shared/user.ts'
import type { Cloud } from '../clouds/cloud.ts'

/** Who asks, and with whose rights in the cloud. */
export interface Identity {
  user: CurrentUser & {
    /** Unique and lasting, e.g. `oidc:https://id.example.com#4711`. */
    id: string
  }
  /** The servers that this user reaches. */
  cloud: Cloud
  /**
   * Whether the cloud knows this user: then it decides anew each time that a console is opened, also one whose line
   * is held already (mode `iam`). Else the cloud knows only this server, and the role decides.
   */
  cloudDecides: boolean
  /** The sign-in that the request came with; null in mode `service`, which has none. */
  signIn: string | null
  /** Of whom a portal has let in: one server, and of the role's permissions no more than these. */
  confined?: { server: string; permissions: readonly Permission[] }
}
