import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TestAuthority } from '../../../testing/outbound/certificates.ts'
import { ConfigError } from '../../environment.ts'
import { openStackSettings } from './settings.ts'

/** Folders that are empty until a test puts a file in. */
function folders() {
  const root = mkdtempSync(join(tmpdir(), 'bms-openstack-'))
  const home = join(root, 'home')
  const directory = join(root, 'here')
  mkdirSync(join(home, '.config', 'openstack'), { recursive: true })
  mkdirSync(directory)
  const write = (path: string, text: string) => {
    const file = join(root, path)
    writeFileSync(file, text)
    return file
  }
  const read = (env: NodeJS.ProcessEnv, credentials: 'needed' | 'not-needed' = 'needed') =>
    openStackSettings(env, { credentials, timeout: undefined }, { home, directory })
  return { root, write, read }
}

const refused = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('a ConfigError was expected')
}

const url = { OS_AUTH_URL: 'https://keystone.example.com:5000/v3' }
const user = { ...url, OS_USERNAME: 'ops', OS_PASSWORD: 'hunter2' }
const project = { OS_PROJECT_NAME: 'demo' }

describe('the variables', () => {
  it('are a cloud of their own', () => {
    const { read } = folders()
    expect(
      read({
        ...user,
        ...project,
        OS_USER_DOMAIN_NAME: 'Staff',
        OS_PROJECT_DOMAIN_NAME: 'Default',
        OS_REGION_NAME: 'RegionOne',
        OS_INTERFACE: 'internal',
        OS_IDENTITY_API_VERSION: '3',
      }),
    ).toEqual({
      name: 'keystone.example.com',
      authUrl: 'https://keystone.example.com:5000/v3',
      interface: 'internal',
      regions: ['RegionOne'],
      tls: { ca: null, verify: true },
      domain: 'Staff',
      own: {
        credentials: {
          kind: 'password',
          user: { name: 'ops', domain: { name: 'Staff' } },
          password: 'hunter2',
        },
        scope: { project: { name: 'demo', domain: { name: 'Default' } } },
        from: 'the variables OS_*',
      },
      timeoutMs: undefined,
    })
  })

  const byPassword = (env: object) => folders().read({ ...user, ...env }).own
  it.each([
    [{ OS_PROJECT_ID: 'p1' }, { scope: { project: { id: 'p1' } } }],
    [{ OS_TENANT_NAME: 'old' }, { scope: { project: { name: 'old', domain: { id: 'default' } } } }],
    [{ OS_TENANT_ID: 'old' }, { scope: { project: { id: 'old' } } }],
    [{ ...project, OS_TENANT_NAME: 'old' }, { scope: { project: { name: 'demo' } } }],
    [
      { ...project, OS_DOMAIN_NAME: 'acme' },
      {
        scope: { project: { domain: { name: 'acme' } } },
        credentials: { user: { name: 'ops', domain: { name: 'acme' } } },
      },
    ],
    [{ ...project, OS_DOMAIN_ID: 'd1' }, { credentials: { user: { domain: { id: 'd1' } } } }],
    [{ ...project, OS_DEFAULT_DOMAIN: 'd2' }, { credentials: { user: { domain: { id: 'd2' } } } }],
    [
      { ...project, OS_DOMAIN_ID: 'd1', OS_USER_DOMAIN_ID: 'd3', OS_PROJECT_DOMAIN_ID: 'd4' },
      {
        scope: { project: { domain: { id: 'd4' } } },
        credentials: { user: { domain: { id: 'd3' } } },
      },
    ],
    [{ ...project, OS_USER_ID: 'u1' }, { credentials: { user: { id: 'u1' } } }],
    [{ ...project, OS_AUTH_TYPE: 'v3password' }, { credentials: { kind: 'password' } }],
    [{ ...project, OS_TOKEN: 't' }, { credentials: { kind: 'token', token: 't' } }],
    [
      { ...project, OS_AUTH_TYPE: 'token', OS_AUTH_TOKEN: 't' },
      { credentials: { kind: 'token', token: 't' } },
    ],
    [
      { OS_APPLICATION_CREDENTIAL_ID: 'a1', OS_APPLICATION_CREDENTIAL_SECRET: 's' },
      { credentials: { kind: 'application-credential', id: 'a1', secret: 's' }, scope: 'own' },
    ],
    [
      {
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_NAME: 'monitoring',
        OS_APPLICATION_CREDENTIAL_SECRET: 's',
        OS_USER_DOMAIN_ID: 'd1',
      },
      {
        credentials: { name: 'monitoring', user: { name: 'ops', domain: { id: 'd1' } } },
        scope: 'own',
      },
    ],
  ])('say who signs in, and to what: %o', (env, expected) => {
    expect(byPassword(env)).toMatchObject(expected)
  })

  it('have secrets from files, too', () => {
    const { read, write } = folders()
    const file = write('password', 'from a file\n')
    const { OS_PASSWORD: _, ...rest } = user
    expect(read({ ...rest, ...project, OS_PASSWORD_FILE: file }).own?.credentials).toMatchObject({
      password: 'from a file',
    })
  })

  it.each([
    [{ ...project, OS_REGION_NAME: 'One, Two' }, { regions: ['One', 'Two'] }],
    [{ ...project, OS_ENDPOINT_TYPE: 'adminURL' }, { interface: 'admin' }],
    [{ ...project, OS_INSECURE: 'true' }, { tls: { ca: null, verify: false } }],
  ])('say where and how: %o', (env, expected) => {
    expect(folders().read({ ...user, ...env })).toMatchObject(expected)
  })

  it.each([
    ['OS_AUTH_URL', { BMS_CONSOLE_CLOUD: 'openstack' }],
    ['OS_AUTH_URL', { ...user, ...project, OS_AUTH_URL: 'ftp://hunter2' }],
    ['OS_USERNAME', { ...url, ...project, OS_PASSWORD: 'hunter2' }],
    ['OS_PASSWORD', { ...url, ...project, OS_USERNAME: 'ops' }],
    ['OS_PROJECT_NAME', user],
    ['OS_TOKEN', { ...user, ...project, OS_AUTH_TYPE: 'token' }],
    ['OS_AUTH_TYPE', { ...user, ...project, OS_AUTH_TYPE: 'v3multifactor' }],
    ['OS_IDENTITY_API_VERSION', { ...user, ...project, OS_IDENTITY_API_VERSION: '2.0' }],
    ['OS_INTERFACE', { ...user, ...project, OS_INTERFACE: 'hunter2' }],
    ['OS_INSECURE', { ...user, ...project, OS_INSECURE: 'hunter2' }],
    ['OS_CACERT', { ...user, ...project, OS_CACERT: '/nowhere/hunter2' }],
    ['OS_APPLICATION_CREDENTIAL_SECRET', { ...url, OS_AUTH_TYPE: 'v3applicationcredential' }],
    ['OS_APPLICATION_CREDENTIAL_NAME', { ...url, OS_APPLICATION_CREDENTIAL_SECRET: 'hunter2' }],
  ])('are named where they are wrong: %s in %o', (name, env) => {
    const message = refused(() => folders().read(env))
    expect(message).toMatch(new RegExp(`^${name} `))
    expect(message).not.toContain('hunter2')
  })

  it('need no credentials where the users have their own', () => {
    expect(folders().read(url, 'not-needed')).toMatchObject({ authUrl: url.OS_AUTH_URL, own: null })
  })
})

const mordred = `
clouds:
  mordred:
    region_name: Dallas
    interface: internal
    auth:
      username: mordred
      password: XXXXXXX
      project_name: demo
      user_domain_name: Staff
      project_domain_id: d1
      auth_url: https://identity.example.com
`

describe('clouds.yaml', () => {
  it('is read as openstacksdk’s own example', () => {
    const { read, write } = folders()
    const file = write('here/clouds.yaml', mordred)
    expect(read({ OS_CLOUD: 'mordred' })).toEqual({
      name: 'mordred',
      authUrl: 'https://identity.example.com',
      interface: 'internal',
      regions: ['Dallas'],
      tls: { ca: null, verify: true },
      domain: 'Staff',
      own: {
        credentials: {
          kind: 'password',
          user: { name: 'mordred', domain: { name: 'Staff' } },
          password: 'XXXXXXX',
        },
        scope: { project: { name: 'demo', domain: { id: 'd1' } } },
        from: `the cloud mordred in ${file}`,
      },
      timeoutMs: undefined,
    })
  })

  it('is looked for where the variable says, then here, then at home', () => {
    const { read, write } = folders()
    const at = (host: string) => mordred.replace('identity', host)
    const found = (env: NodeJS.ProcessEnv) => new URL(read(env).authUrl).hostname
    write('home/.config/openstack/clouds.yaml', at('home'))
    expect(found({ OS_CLOUD: 'mordred' })).toBe('home.example.com')
    write('here/clouds.yml', at('here'))
    expect(found({ OS_CLOUD: 'mordred' })).toBe('here.example.com')
    const named = write('named.yaml', at('named'))
    expect(found({ OS_CLOUD: 'mordred', OS_CLIENT_CONFIG_FILE: named })).toBe('named.example.com')
  })

  it('gets its secrets from secure.yaml', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', mordred)
    write('home/.config/openstack/secure.yaml', 'clouds:\n  mordred:\n    auth:\n      password: 4711\n')
    const { credentials } = read({ OS_CLOUD: 'mordred' }).own ?? {}
    expect(credentials).toMatchObject({ user: { name: 'mordred' }, password: '4711' })
    const other = write('other.yaml', 'clouds: { mordred: { auth: { password: other } } }')
    expect(read({ OS_CLOUD: 'mordred', OS_CLIENT_SECURE_FILE: other }).own?.credentials).toMatchObject({
      password: 'other',
    })
  })

  it('counts alone with OS_CLOUD, and not at all beside other variables', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', mordred)
    const env = { ...user, ...project }
    expect(read({ ...env, OS_CLOUD: 'mordred' }).own?.credentials).toMatchObject({ password: 'XXXXXXX' })
    expect(read(env).own?.credentials).toMatchObject({ password: 'hunter2' })
    expect(read({ OS_REGION_NAME: 'Dallas' })).toMatchObject({ name: 'mordred', regions: ['Dallas'] })
  })

  const entry = (lines: string) =>
    `clouds:\n  c:\n    auth: { auth_url: 'https://k.example.com', username: u, password: hunter2, project_id: 610275 }\n${lines}`
  it.each([
    ['    regions: [DFW, ORD, IAD]', {}, ['DFW', 'ORD', 'IAD']],
    ['    regions: [DFW, { name: ORD, values: { networks: [] } }]', {}, ['DFW', 'ORD']],
    ['    region_name: DFW,ORD', {}, ['DFW', 'ORD']],
    ['    regions: [DFW, ORD]', { OS_REGION_NAME: 'ORD' }, ['ORD']],
    ['    region_name: null', { OS_REGION_NAME: 'ORD' }, ['ORD']],
    ['    region_name: ""', {}, []],
    ['    region_name: "DFW,"', {}, ['DFW']],
    ['    regions: [""]', {}, []],
    ['    regions: null\n    region_name: DFW', {}, ['DFW']],
    ['', {}, []],
  ])('has regions: %s with %o', (lines, env, regions) => {
    const { read, write } = folders()
    write('here/clouds.yaml', entry(lines))
    expect(read({ OS_CLOUD: 'c', ...env }).regions).toEqual(regions)
  })

  it('takes a blank value for none', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', entry('    username: ""\n    interface: ""'))
    expect(read({ OS_CLOUD: 'c' })).toMatchObject({
      interface: 'public',
      own: { credentials: { user: { name: 'u' } } },
    })
  })

  const perRegion = `clouds:
  c:
    auth: { username: u, password: hunter2, project_id: p, user_domain_id: default }
    regions:
      - name: One
        values: { auth: { auth_url: 'https://one.example.com' }, interface: internal }
      - name: Two
        values: { auth: { auth_url: 'https://two.example.com' } }
`
  it('has what its only region sets, and what the chosen one of several sets', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', perRegion.slice(0, perRegion.indexOf('      - name: Two')))
    const one = { authUrl: 'https://one.example.com', interface: 'internal', regions: ['One'] }
    expect(read({ OS_CLOUD: 'c' })).toMatchObject(one)
    write('here/clouds.yaml', perRegion)
    expect(read({ OS_CLOUD: 'c', OS_REGION_NAME: 'One' })).toMatchObject(one)
    const two = { authUrl: 'https://two.example.com', interface: 'public', regions: ['Two'] }
    expect(read({ OS_CLOUD: 'c', OS_REGION_NAME: 'Two' })).toMatchObject(two)
  })

  it('says how to trust the cloud', () => {
    const { read, write } = folders()
    const authority = new TestAuthority()
    onTestFinished(() => authority.remove())
    write('home/ca.pem', authority.pem)
    write('here/clouds.yaml', entry('    cacert: ~/ca.pem'))
    expect(read({ OS_CLOUD: 'c' }).tls).toEqual({ ca: authority.pem, verify: true })
    write('here/clouds.yaml', entry('    cacert: ~/ca.pem\n    verify: false'))
    expect(read({ OS_CLOUD: 'c' }).tls).toEqual({ ca: null, verify: false })
    write('here/clouds.yaml', entry('    insecure: true'))
    expect(read({ OS_CLOUD: 'c' }).tls).toEqual({ ca: null, verify: false })
  })

  it('may have a number where a word is meant, and settings outside of auth', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', entry('    username: outside\n    auth_type: v3password'))
    expect(read({ OS_CLOUD: 'c' }).own).toMatchObject({
      scope: { project: { id: '610275' } },
      credentials: { user: { name: 'outside' } },
    })
  })

  it.each([
    ['is not YAML (line 2)', 'clouds:\n\thunter2: [', {}],
    ['has no mapping "clouds"', 'hunter2', {}],
    ['OS_CLOUD names a cloud that is not in', 'clouds: { d: { auth: { password: hunter2 } } }', {}],
    ['OS_CLOUD names a cloud that is not in', 'clouds: { c: hunter2 }', {}],
    ['clouds.c.auth.auth_url in', 'clouds: { c: { auth: { auth_url: hunter2 } } }', {}],
    ['clouds.c.auth.auth_url in', 'clouds: { c: { auth: { username: hunter2 } } }', {}],
    [
      'clouds.c.auth.password in',
      'clouds: { c: { auth: { auth_url: "https://k", username: u, project_id: p } } }',
      {},
    ],
    ['clouds.c.auth.password in', entry('').replace('hunter2', '[hunter2]'), {}],
    ['clouds.c.profile in', 'clouds: { c: { profile: hunter2, auth: { username: u } } }', {}],
    ['clouds.c.interface in', entry('    interface: hunter2'), {}],
    ['clouds.c.identity_api_version in', entry('    identity_api_version: 2'), {}],
    ['clouds.c.auth_type in', entry('    auth_type: v3oidcpassword'), {}],
    ['clouds.c.verify in', entry('    verify: hunter2'), {}],
    ['clouds.c.cacert in', entry('    cacert: /nowhere/hunter2'), {}],
    ['clouds.c.cacert in', entry('    cacert: /dev/null'), {}],
    ['clouds.c.regions in', entry('    regions: { hunter2: 1 }'), {}],
    [
      'clouds.c.regions[].values in',
      entry('    regions: [{ name: A, values: { auth: { password: hunter2 } } }, B]'),
      {},
    ],
    ['sets auth for one of several regions', perRegion, {}],
    ['OS_REGION_NAME names a region', entry('    regions: [A]'), { OS_REGION_NAME: 'B' }],
  ])('that is wrong is reported without its values: %s', (says, text, env) => {
    const { read, write } = folders()
    const file = write('here/clouds.yaml', text)
    const message = refused(() => read({ OS_CLOUD: 'c', ...env }))
    expect(message).toContain(says)
    expect(message).toContain(file)
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['OS_CLOUD is set, but there is no clouds.yaml', { OS_CLOUD: 'c' }],
    ['OS_CLIENT_CONFIG_FILE names a file that does not exist', { OS_CLIENT_CONFIG_FILE: '/nowhere' }],
    ['OS_CLIENT_SECURE_FILE names a file that does not exist', { OS_CLIENT_SECURE_FILE: '/nowhere' }],
  ])('that is not there is missed: %s', (says, env) => {
    expect(refused(() => folders().read(env))).toContain(says)
  })

  it('with several clouds needs OS_CLOUD', () => {
    const { read, write } = folders()
    write('here/clouds.yaml', 'clouds: { a: {}, b: {} }')
    expect(refused(() => read({}))).toMatch(/^OS_CLOUD is missing: .* has 2 clouds$/)
  })
})
