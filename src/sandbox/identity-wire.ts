import { createHash } from 'node:crypto'
import type { CloudRole, Directory, SandboxProject, SandboxRegion, SandboxUser } from './directory.ts'
import type { Dialect, Receipt } from './identity-auth.ts'
import type { Token } from './tokens.ts'

const id = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** Both services write microseconds. */
const time = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z')

/**
 * The names of a role. Keystone lists the implied roles, too. IAM has system-defined roles: Tenant Administrator, Server
 * Administrator, Tenant Guest.
 * https://docs.openstack.org/keystone/latest/admin/service-api-protection.html
 */
const roleNames: Readonly<Record<Dialect, Readonly<Record<CloudRole, string[]>>>> = {
  keystone: { admin: ['admin', 'member', 'reader'], member: ['member', 'reader'], reader: ['reader'] },
  iam: { admin: ['te_admin'], member: ['server_adm'], reader: ['readonly'] },
}

export interface Catalog {
  dialect: Dialect
  directory: Directory
  /** A function, since the ports are known only after the start. */
  regions: () => readonly SandboxRegion[]
}

function wireUser(directory: Directory, { id, name, domain }: SandboxUser) {
  return { domain: directory.domain({ name: domain }), id, name }
}

export function wireToken(token: Token, catalog: Catalog, withCatalog: boolean) {
  const { dialect, directory } = catalog
  const { scope, user, applicationCredential } = token
  return {
    token: {
      methods: token.methods,
      user: { ...wireUser(directory, user), password_expires_at: dialect === 'iam' ? '' : null },
      ...(dialect === 'iam' ? {} : { audit_ids: token.auditIds }),
      expires_at: time(token.expiresAt),
      issued_at: time(token.issuedAt),
      ...(dialect === 'iam' && token.methods.includes('totp') ? { mfa_authn_at: time(token.issuedAt) } : {}),
      ...wireScope(token, catalog),
      ...(withCatalog && scope.kind !== 'unscoped' ? { catalog: wireCatalog(token, catalog) } : {}),
      ...(applicationCredential
        ? {
            application_credential: {
              id: applicationCredential.id,
              name: applicationCredential.name,
              restricted: true,
            },
          }
        : {}),
    },
  }
}

function wireScope({ scope, user }: Token, { dialect, directory }: Catalog) {
  const roles = (names: string[]) => names.map((name) => ({ id: id(`role ${name}`), name }))
  switch (scope.kind) {
    case 'unscoped':
      return {}
    case 'domain':
      // Only the operator has a role in the domain.
      return {
        domain: scope.domain,
        roles: user === directory.people.operator ? roles([dialect === 'iam' ? 'secu_admin' : 'admin']) : [],
      }
    case 'project': {
      const role = user.roles[scope.project.id]
      return {
        project: {
          domain: directory.domain({ name: 'sandbox' }),
          id: scope.project.id,
          name: scope.project.name[dialect],
        },
        ...(dialect === 'iam' ? {} : { is_domain: false }),
        roles: role ? roles(roleNames[dialect][role]) : [],
      }
    }
  }
}

export function wireCatalog({ scope }: Token, { dialect, regions }: Catalog) {
  const service = (
    type: string,
    name: string,
    endpoints: [region: string, ofInterface: string, url: string][],
  ) => ({
    endpoints: endpoints.map(([region, ofInterface, url]) => ({
      id: id(`${type} ${region} ${ofInterface}`),
      interface: ofInterface,
      region_id: region,
      url,
      region,
    })),
    type,
    id: id(type),
    name,
  })
  const all = regions()
  const [first] = all
  const home = first?.endpoint ?? ''
  if (dialect === 'keystone')
    return [
      service(
        'identity',
        'keystone',
        all.map(({ id }) => [id, 'public', `${home}/identity`]),
      ),
      service(
        'compute',
        'nova',
        all.flatMap(({ id, endpoint }) =>
          [
            ['public', `${endpoint}/compute/v2.1`] as const,
            // The cloud's own network, which no client outside can reach.
            ['internal', `http://nova.${id}.internal.invalid:8774/v2.1`] as const,
            ['admin', `http://nova.${id}.admin.invalid:8774/v2.1`] as const,
          ].map(([ofInterface, url]): [string, string, string] => [id, ofInterface, url]),
        ),
      ),
      ...(scope.kind === 'project'
        ? [
            service(
              'block-storage',
              'cinder',
              all.map(({ id, endpoint }) => [id, 'public', `${endpoint}/volume/v3/${scope.project.id}`]),
            ),
          ]
        : []),
    ]
  // A project of IAM is in one region. A token of the domain sees the global services only.
  const here = scope.kind === 'project' ? all.find(({ id }) => id === scope.project.region) : undefined
  return [
    service('identity', 'iam', [['*', 'public', `${home}/v3`]]),
    ...(here && scope.kind === 'project'
      ? [service('bms', 'bms', [[here.id, 'public', `${here.endpoint}/v1/${scope.project.id}`]])]
      : []),
  ]
}

/** @param base the service's URL, `…/v3` */
export function wireProject(project: SandboxProject, { dialect, directory }: Catalog, base: string) {
  const domainId = directory.domain({ name: 'sandbox' })?.id
  return {
    is_domain: false,
    description: '',
    links: { self: `${base}/projects/${project.id}` },
    enabled: true,
    id: project.id,
    parent_id: domainId,
    domain_id: domainId,
    name: project.name[dialect],
    ...(dialect === 'keystone' ? { tags: [], options: {} } : {}),
  }
}

export function wireReceipt({ methods, user, issuedAt, expiresAt }: Receipt, directory: Directory) {
  return {
    receipt: {
      methods,
      user: wireUser(directory, user),
      expires_at: time(expiresAt),
      issued_at: time(issuedAt),
    },
    required_auth_methods: [['password', 'totp']],
  }
}
