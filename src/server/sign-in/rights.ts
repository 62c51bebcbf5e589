import type { ProjectRef } from '../../shared/server.ts'
import { installationMay, type Permission, roleMay, userMay } from '../../shared/user.ts'
import { CloudError } from '../clouds/cloud.ts'
import type { Identity } from './identity.ts'

/** Whether the asker may do this with something of a project. null: it belongs to no project. */
export function mayIn(identity: Identity, project: ProjectRef | null, permission: Permission): boolean {
  const { user, tenancy, confined } = identity
  if (confined && !confined.permissions.includes(permission)) return false
  if (!tenancy) return roleMay(user.role, permission)
  if (user.installationAdmin && installationMay(permission)) return true
  const role = project && tenancy.roleIn(project.id)
  return role !== null && roleMay(role, permission)
}

/** Whether the asker may do this somewhere: in a project, or with the installation. */
export const mayAnywhere = ({ user, confined }: Identity, permission: Permission): boolean =>
  (!confined || confined.permissions.includes(permission)) && userMay(user, permission)

/**
 * The asker in the project that has this server, with the role and the part of the cloud that they have there.
 * @throws CloudError `server-not-found`, or `no-role`
 */
export async function inProjectOf(serverId: string, identity: Identity): Promise<Identity> {
  const { tenancy, user } = identity
  if (!tenancy) return identity
  const { project, cloud } = await tenancy.find(serverId)
  const role = tenancy.roleIn(project.id)
  if (role === null) throw new CloudError(noRoleIn(project))
  return { ...identity, user: { ...user, role }, cloud, project }
}

export const noRoleIn = ({ id, name }: ProjectRef) =>
  ({ cause: 'no-role', detail: `There is no role in the project ${name ?? id}.` }) as const
