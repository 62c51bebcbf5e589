import * as z from 'zod/mini'

/** What a person may do here, from least to most. */
export const Role = z.enum(['viewer', 'operator', 'admin'])
export type Role = z.infer<typeof Role>

/** @returns null: there is none */
export const highestRole = (roles: readonly (Role | null)[]): Role | null =>
  (['admin', 'operator', 'viewer'] as const).find((role) => roles.includes(role)) ?? null

export type Permission =
  | 'list'
  /** Open a console read-only */
  | 'open'
  | 'write'
  | 'power'
  | 'record'
  /** Choose that a line is held open with nobody there */
  | 'watch'
  /** End a console session that somebody else opened */
  | 'end-others'
  /** Read what a server's line has said, since before one came */
  | 'read-log'
  | 'read-recordings'
  | 'delete-recordings'
  /** Read who was at a server's console and who switched its power */
  | 'read-console-history'
  | 'read-audit'

const viewer: readonly Permission[] = ['list', 'open']
const operator: readonly Permission[] = [
  ...viewer,
  'write',
  'power',
  'record',
  'watch',
  'read-log',
  'read-recordings',
  'read-console-history',
]
const admin: readonly Permission[] = [...operator, 'end-others', 'delete-recordings', 'read-audit']
const grants: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin }

/** The only table of roles. The server refuses by it, and the page disables what the server would refuse. */
export const roleMay = (role: Role, permission: Permission): boolean => grants[role].includes(permission)

/** An administrator of the installation may do this in every project, and with what belongs to none. */
const installation: readonly Permission[] = [
  'read-recordings',
  'read-console-history',
  'delete-recordings',
  'read-audit',
]
export const installationMay = (permission: Permission): boolean => installation.includes(permission)

export const CurrentUser = z.object({
  name: z.string(),
  /** The highest, where the user has a role in each project. A server then says the role in its own. */
  role: Role,
  /** Administers the installation; told only where that is not the same as the role. */
  installationAdmin: z.optional(z.boolean()),
})
export type CurrentUser = z.infer<typeof CurrentUser>

/** Whether the user may do this somewhere. */
export const userMay = ({ role, installationAdmin = false }: CurrentUser, permission: Permission): boolean =>
  roleMay(role, permission) || (installationAdmin && installationMay(permission))
