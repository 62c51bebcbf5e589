import type { ProjectRef } from '../../shared/server.ts'
import type { CurrentUser, Permission, Role } from '../../shared/user.ts'
import type { SharedCloud } from '../clouds/snapshot.ts'

/** The asker, and their rights in the cloud. */
export interface Identity {
  user: CurrentUser & {
    /** Unique and lasting, e.g. `oidc:https://id.example.com#4711`. */
    id: string
  }
  /** The servers that this user reaches. */
  cloud: SharedCloud
  /**
   * Whether the cloud knows this user (mode `iam`). Then it decides each time that a console is opened, even if its
   * line is open already. Else the cloud knows only this server, and the role decides.
   */
  cloudDecides: boolean
  /** The user's roles in the projects. null: this server has one account for everybody, and its users one role for all. */
  tenancy: Tenancy | null
  /** The project of the server that the request is about. Role and cloud are then those in this project. */
  project?: ProjectRef
  /** The sign-in that the request came with; null in mode `service`, which has none. */
  signIn: string | null
  /** A user that a portal let in has one server, and no permission of the role but these. */
  confined?: { server: string; permissions: readonly Permission[] }
}

/** The projects that a user of the cloud has chosen. */
export interface Tenancy {
  /** @returns null: no role there, or the project was not chosen */
  roleIn(project: string): Role | null
  /**
   * The project that has the server, and its part of the cloud. What is done there cannot reach another project.
   * @throws CloudError `server-not-found`
   */
  find(serverId: string): Promise<{ project: ProjectRef; cloud: SharedCloud }>
}
