import { ConfigError } from '../../environment.ts'
import type { Credentials, DomainRef, InDomain, Scope } from '../keystone/keystone.ts'
import { openStackVariables, type Source } from './source.ts'

/** What the proxy itself signs in with. */
export interface OpenStackCredentials {
  credentials: Credentials
  scope: Scope
  /** Where they are set, in words. */
  from: string
}

/** @throws ConfigError naming the setting */
export function openStackCredentials(source: Source): OpenStackCredentials {
  const { from } = source
  const kind = authKind(source)
  switch (kind) {
    case 'application-credential': {
      const why = 'an application credential is used'
      const given = source.required('OS_APPLICATION_CREDENTIAL_SECRET', why)
      const id = source.optional('OS_APPLICATION_CREDENTIAL_ID')
      if (id !== undefined) return { credentials: { kind, id, secret: given }, scope: 'own', from }
      const name = source.required('OS_APPLICATION_CREDENTIAL_NAME', `${why}, and its id is not set`)
      return { credentials: { kind, name, user: userOf(source, false), secret: given }, scope: 'own', from }
    }
    case 'token':
      return {
        credentials: { kind, token: source.required('OS_TOKEN', 'the auth type is token') },
        scope: projectOf(source),
        from,
      }
    case 'password': {
      const scope = projectOf(source)
      const user = userOf(source, true)
      const password = source.required('OS_PASSWORD', 'the auth type is password')
      return { credentials: { kind, user, password }, scope, from }
    }
  }
}

function authKind(source: Source): Credentials['kind'] {
  const type = source.optional('OS_AUTH_TYPE')
  switch (type) {
    case undefined:
    case 'password':
    case 'v3password':
      // With the default type, a token counts if it is set. openstacksdk does the same.
      if (source.optional('OS_TOKEN') !== undefined && type !== 'v3password') return 'token'
      return type === undefined && source.optional('OS_APPLICATION_CREDENTIAL_SECRET') !== undefined
        ? 'application-credential'
        : 'password'
    case 'token':
    case 'v3token':
      return 'token'
    case 'v3applicationcredential':
      return 'application-credential'
    default:
      throw new ConfigError(
        `${source.label('OS_AUTH_TYPE')} needs a person or is unknown: it must be ${openStackVariables.OS_AUTH_TYPE.says}`,
      )
  }
}

/** @param shared whether `domain_*` may name the user's domain, as it may when the scope is a project */
function userOf(source: Source, shared: boolean): InDomain {
  const id = source.optional('OS_USER_ID')
  if (id !== undefined) return { id }
  const name = source.required('OS_USERNAME', 'there is no user id')
  return { name, domain: domainOf(source, 'USER', shared) }
}

function projectOf(source: Source): Scope {
  const id = source.optional('OS_PROJECT_ID')
  if (id !== undefined) return { project: { id } }
  const name = source.required('OS_PROJECT_NAME', 'servers belong to a project, and there is no id of one')
  return {
    project: { name, domain: domainOf(source, 'PROJECT', true) },
  }
}

function domainOf(source: Source, of: 'USER' | 'PROJECT', shared: boolean): DomainRef {
  const id = source.optional(`OS_${of}_DOMAIN_ID`)
  if (id !== undefined) return { id }
  const name = source.optional(`OS_${of}_DOMAIN_NAME`)
  if (name !== undefined) return { name }
  const sharedId = shared ? source.optional('OS_DOMAIN_ID') : undefined
  if (sharedId !== undefined) return { id: sharedId }
  const sharedName = shared ? source.optional('OS_DOMAIN_NAME') : undefined
  if (sharedName !== undefined) return { name: sharedName }
  // Keystone creates its first domain with this id.
  return { id: source.optional('OS_DEFAULT_DOMAIN') ?? 'default' }
}
