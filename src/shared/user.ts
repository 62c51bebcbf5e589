import * as z from 'zod/mini'

/** What a person may do here, from least to most. */
export const Role = z.enum(['viewer', 'operator', 'admin'])
export type Role = z.infer<typeof Role>

export type Permission =
  | 'list'
  /** Open a console read-only */
  | 'open'
  | 'write'
  | 'power'
  | 'record'
  /** End a console session that somebody else opened */
  | 'end-others'
  | 'read-recordings'
  | 'delete-recordings'
  | 'read-audit'

const viewer: readonly Permission[] = ['list', 'open']
const operator: readonly Permission[] = [...viewer, 'write', 'power', 'record', 'read-recordings']
const admin: readonly Permission[] = [...operator, 'end-others', 'delete-recordings', 'read-audit']
const grants: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin }

/** The only table of roles. The server refuses by it, and the page disables what the server would refuse. */
export const roleMay = (role: Role, permission: Permission): boolean => grants[role].includes(permission)

export const CurrentUser = z.object({ name: z.string(), role: Role })
export type CurrentUser = z.infer<typeof CurrentUser>
