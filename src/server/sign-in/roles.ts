import type { Role } from '../../shared/user.ts'

/** Groups give a role by name. `*` is everybody who has signed in. */
export type RoleMapping = Readonly<Record<Role, readonly string[]>>

const highestFirst: readonly Role[] = ['admin', 'operator', 'viewer']

export const mapsNothing = (mapping: RoleMapping): boolean =>
  highestFirst.every((role) => mapping[role].length === 0)

/**
 * The highest role that one of the groups gives.
 * @param fallback the role of a person in none of these groups. null: such a person has none (cause `no-role`)
 */
export function roleOf(groups: readonly string[], mapping: RoleMapping, fallback: Role | null): Role | null {
  const has = (name: string) => name === '*' || groups.includes(name)
  return highestFirst.find((role) => mapping[role].some(has)) ?? fallback
}
