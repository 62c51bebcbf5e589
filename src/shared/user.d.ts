import * as z from 'zod/mini'
/** What a person may do here, from least to most. */
export declare const Role: z.ZodMiniEnum<{
  admin: 'admin'
  operator: 'operator'
  viewer: 'viewer'
}>
export type Role = z.infer<typeof Role>
export type Permission =
  | 'list'
  /** Open a console read-only */
  | 'open'
  | 'write'
  | 'power'
  | 'record'
  /** End a console session that another opened */
  | 'end-others'
  | 'read-recordings'
  | 'delete-recordings'
  | 'read-audit'
/**
 * The one table of roles: the server refuses by it, and the page disables, with the reason, what the server would
 * refuse.
 */
export declare const roleMay: (role: Role, permission: Permission) => boolean
export declare const CurrentUser: z.ZodMiniObject<
  {
    name: z.ZodMiniString<string>
    role: z.ZodMiniEnum<{
      admin: 'admin'
      operator: 'operator'
      viewer: 'viewer'
    }>
  },
  z.core.$strip
>
export type CurrentUser = z.infer<typeof CurrentUser>
