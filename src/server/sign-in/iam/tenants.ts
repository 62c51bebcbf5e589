import type { Clock } from '../../../shared/clock.ts'
import { highestRole, type Role } from '../../../shared/user.ts'
import { type Cloud, CloudError } from '../../clouds/cloud.ts'
import type { OpenedProject } from '../../clouds/identity-service.ts'
import { listedAs } from '../../clouds/listed-as.ts'
import { type PartedCloud, partedCloud } from '../../clouds/merged-cloud.ts'
import { type SharedCloud, sharedCloud } from '../../clouds/snapshot.ts'
import type { Tenancy } from '../identity.ts'
import { noRoleIn } from '../rights.ts'
import { userCloud, whileSignedIn } from './user-cloud.ts'

interface TenantsOptions {
  /** The role that the names of roles in the cloud give. null: none */
  roleOf: (names: readonly string[]) => Role | null
  /** The cloud no longer accepts the user. */
  onSignedOut: () => void
  clock: Clock
}

/** A project, as requests about its servers see it. */
interface Tenant extends OpenedProject {
  /** Always the same object, so that a lost line asks each cloud once. */
  own: () => SharedCloud
  /** The user's role there. null: none, or not known yet */
  role: () => Role | null
}

/** The projects that a user has chosen. Each is a tenant: the user has a role in it, which counts nowhere else. */
export class Tenants implements Tenancy {
  /** The servers of all of them. Each server tells its project and the user's role. */
  readonly cloud: SharedCloud
  readonly #tenants: readonly Tenant[]
  readonly #parted: PartedCloud<Tenant>
  readonly #onSignedOut: () => void

  constructor(projects: readonly OpenedProject[], { roleOf, onSignedOut, clock }: TenantsOptions) {
    this.#onSignedOut = onSignedOut
    this.#tenants = projects.map((opened) => {
      const role = () => {
        const names = opened.roles()
        return names && roleOf(names)
      }
      const cloud = projectCloud(opened, role)
      let shared: SharedCloud | null = null
      const own = () => {
        shared ??= sharedCloud(userCloud(cloud, onSignedOut), clock, this.cloud)
        return shared
      }
      return { ...opened, role, cloud, own }
    })
    this.#parted = partedCloud(this.#tenants)
    // Readings are shared within one sign-in: the cloud decides what each user sees.
    this.cloud = sharedCloud(userCloud(this.#parted, onSignedOut), clock)
  }

  /** The names of the user's roles in the cloud, in all projects */
  get names(): string[] {
    return [...new Set(this.#tenants.flatMap(({ roles }) => roles() ?? []))]
  }

  /** The highest role in any project. null: none in any */
  get highest(): Role | null {
    return highestRole(this.#tenants.map(({ role }) => role()))
  }

  roleIn(id: string): Role | null {
    // A project in two regions is here twice, with the same role, once it is known.
    return highestRole(this.#tenants.map(({ project, role }) => (project.id === id ? role() : null)))
  }

  async find(serverId: string): ReturnType<Tenancy['find']> {
    const { project, own } = await whileSignedIn(this.#parted.partOf(serverId), this.#onSignedOut)
    return { project, cloud: own() }
  }
}

/** A project's part of the cloud, for a user who needs a role there to see anything of it. */
function projectCloud({ cloud, project, roles }: OpenedProject, roleOf: () => Role | null): Cloud {
  const role = () => {
    const given = roleOf()
    if (given) return given
    throw new CloudError(noRoleIn(project))
  }
  /** The roles are known once the project is open. */
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (roles() !== null) role()
    return ask()
  }
  return {
    listServers: (want) =>
      asked(() => listedAs(cloud, want, (server) => ({ ...server, project, role: role() }))),
    async getServer(id) {
      const server = await asked(() => cloud.getServer(id))
      return { ...server, project, role: role() }
    },
    attachments: (id) => asked(() => cloud.attachments(id)),
    async remoteConsole(id) {
      role()
      return cloud.remoteConsole(id)
    },
    async power(id, action) {
      role()
      return cloud.power(id, action)
    },
    async powerJob(id, job) {
      role()
      return cloud.powerJob(id, job)
    },
    close: () => cloud.close(),
  }
}
