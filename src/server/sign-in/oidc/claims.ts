import { visibleName } from '../../../shared/visible.ts'

/** A provider's claims about a person, in the ID token or at its userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * The value of a claim. The whole name comes first, as names with dots are common (`https://example.com/groups`);
 * then it is read as a path, as Keycloak's `realm_access.roles`.
 * @returns undefined if there is none
 */
function claim(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Object.entries(value).find(([own]) => own === key)?.[1]
  }
  return value
}

/**
 * A claim with several texts, or one.
 * @returns its texts and nothing else; null if there is no such claim
 */
export function textsOf(claims: Claims, name: string): string[] | null {
  const value = claim(claims, name)
  if (value === undefined || value === null) return null
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')
}

/**
 * A person's name, in one line; null if no claim has it.
 * @param nameClaim the claim that has it; null: the usual ones
 */
export function nameOf(claims: Claims, nameClaim: string | null): string | null {
  for (const candidate of nameClaim === null ? ['preferred_username', 'name', 'email'] : [nameClaim]) {
    const name = textsOf(claims, candidate)?.[0]?.slice(0, 200).trim()
    // A name of nothing but characters that no one sees is none.
    if (name?.replace(/[\p{C}\p{Z}]+/gu, '')) return visibleName(name)
  }
  return null
}
