import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config.ts'

const read = (env: NodeJS.ProcessEnv) => parseConfig(env).signIn
const https = { BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.example.com' }
const beyond = { BMS_CONSOLE_HOST: '0.0.0.0', ...https }
const proxied = { BMS_CONSOLE_TRUSTED_PROXIES: '10.0.0.5,fd00::/64' }
const iam = { BMS_CONSOLE_SIGN_IN: 'iam' }
const oidc = {
  BMS_CONSOLE_SIGN_IN: 'oidc',
  BMS_CONSOLE_OIDC_ISSUER: 'https://id.example.com/realms/ops',
  BMS_CONSOLE_OIDC_CLIENT_ID: 'bms-console',
  BMS_CONSOLE_OPERATOR_GROUPS: 'ops',
}

describe('mode service', () => {
  it('is the default, for whoever is at the machine', () => {
    expect(read({})).toEqual({
      mode: 'service',
      proxy: null,
      trustedProxies: [],
      roles: { viewer: [], operator: [], admin: [] },
    })
  })

  it('does not listen beyond loopback without a proxy, and says what to set', () => {
    expect(() => read(beyond)).toThrow(
      /^BMS_CONSOLE_TRUSTED_PROXIES is missing .* or BMS_CONSOLE_SIGN_IN to iam or oidc$/,
    )
    expect(read({ ...beyond, ...iam }).mode).toBe('iam')
  })

  it('trusts the headers of a proxy', () => {
    expect(
      read({
        ...beyond,
        ...proxied,
        BMS_CONSOLE_USER_HEADER: 'X-Remote-User',
        BMS_CONSOLE_GROUPS_HEADER: 'X-Remote-Groups',
        BMS_CONSOLE_ADMIN_GROUPS: 'root, wheel',
      }),
    ).toMatchObject({
      trustedProxies: ['10.0.0.5', 'fd00::/64'],
      proxy: { userHeader: 'x-remote-user', groupsHeader: 'x-remote-groups' },
      roles: { admin: ['root', 'wheel'], operator: [] },
    })
    expect(read(proxied)).toMatchObject({ proxy: { userHeader: 'x-forwarded-user', groupsHeader: null } })
  })

  it.each(['BMS_CONSOLE_USER_HEADER', 'BMS_CONSOLE_GROUPS_HEADER', 'BMS_CONSOLE_VIEWER_GROUPS'])(
    'refuses %s without a proxy that could set it',
    (name) => {
      expect(() => read({ [name]: 'x' })).toThrow(new RegExp(`^${name} needs BMS_CONSOLE_TRUSTED_PROXIES`))
    },
  )

  it('refuses groups that no header tells', () => {
    expect(() => read({ ...proxied, BMS_CONSOLE_ADMIN_GROUPS: 'root' })).toThrow(
      /^BMS_CONSOLE_ADMIN_GROUPS needs BMS_CONSOLE_GROUPS_HEADER/,
    )
  })
})

describe('a setting of another mode', () => {
  it.each([
    [{}, 'BMS_CONSOLE_SIGN_IN_IDLE', '5'],
    [{}, 'BMS_CONSOLE_SIGN_IN_MAX', '5'],
    [{}, 'BMS_CONSOLE_SECRET', 'x'.repeat(32)],
    [{}, 'BMS_CONSOLE_SECRET_FILE', '/run/secrets/secret'],
    [{}, 'BMS_CONSOLE_OIDC_ISSUER', 'https://id.example.com'],
    [iam, 'BMS_CONSOLE_OIDC_CLIENT_SECRET', 'x'],
    [iam, 'BMS_CONSOLE_OIDC_CLIENT_SECRET_FILE', '/run/secrets/client'],
    [iam, 'BMS_CONSOLE_USER_HEADER', 'x-user'],
    [oidc, 'BMS_CONSOLE_GROUPS_HEADER', 'x-groups'],
    [{}, 'BMS_CONSOLE_INSTALLATION_ADMINS', 'iam:acme/ida'],
    [oidc, 'BMS_CONSOLE_INSTALLATION_ADMINS', 'iam:acme/ida'],
  ])('with %j, %s is named', (env, name, value) => {
    const attempt = () => read({ ...env, [name]: value })
    expect(attempt).toThrow(new RegExp(`^${name} is set, but BMS_CONSOLE_SIGN_IN=`))
    expect(attempt).not.toThrow(value.length > 5 ? value : '=x')
  })
})

describe('mode iam', () => {
  it('has limits and a secret of its own', () => {
    const settings = read(iam)
    expect(settings).toMatchObject({ mode: 'iam', idleMs: 3_600_000, totalMs: 43_200_000 })
    const secret = (env: NodeJS.ProcessEnv) => {
      const parsed = read(env)
      return parsed.mode === 'service' ? null : Buffer.from(parsed.secret).toString()
    }
    expect(secret(iam)?.length).toBeGreaterThanOrEqual(32)
    expect(secret(iam)).not.toBe(secret(iam))
    expect(secret({ ...iam, BMS_CONSOLE_SECRET: 's'.repeat(32) })).toBe('s'.repeat(32))
    // Replicas take each other's cookies.
    const replica = {
      ...iam,
      BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.test',
      BMS_CONSOLE_REDIS_URL: 'redis://redis.test',
      BMS_CONSOLE_REPLICA_ADDRESS: '127.0.0.1:8090',
      BMS_CONSOLE_REPLICA_SECRET: 'r'.repeat(32),
    }
    expect(secret(replica)).toBe(secret(replica))
    expect(secret(replica)).not.toContain('rrr')
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'secret')
    writeFileSync(file, `${'f'.repeat(40)}\n`)
    expect(secret({ ...iam, BMS_CONSOLE_SECRET_FILE: file })).toBe('f'.repeat(40))
  })

  it('refuses a short secret without repeating it', () => {
    const attempt = () => read({ ...iam, BMS_CONSOLE_SECRET: 'hunter2' })
    expect(attempt).toThrow(/^BMS_CONSOLE_SECRET is not valid: it must be 32 characters or more/)
    expect(attempt).not.toThrow('hunter2')
  })

  it.each(['http://console.example.com', 'http://10.0.0.1:8080', 'http://localhost.example.com'])(
    'refuses to carry passwords over %s',
    (origin) => {
      const env = { ...iam, BMS_CONSOLE_PUBLIC_ORIGINS: `https://console.example.com,${origin}` }
      expect(() => read(env)).toThrow(/^BMS_CONSOLE_PUBLIC_ORIGINS has .* needs https/)
    },
  )

  it('takes those who administer the installation by their ids, and nobody by a name', () => {
    const admins = (value: string) => read({ ...iam, BMS_CONSOLE_INSTALLATION_ADMINS: value })
    expect(read(iam)).toMatchObject({ installationAdmins: [] })
    const ids = ['iam:default/0a1b2c3d4e5f46708192a3b4c5d6e7f8', 'iam:acme/ida']
    expect(admins(ids.join(', '))).toMatchObject({ installationAdmins: ids })
    for (const value of [
      'ida',
      'acme/ida',
      'iam:ida',
      'iam:acme/ida lovelace',
      'iam:acme/',
      'oidc:x#1',
      '*',
      ',',
    ])
      expect(() => admins(value), value).toThrow(/^BMS_CONSOLE_INSTALLATION_ADMINS is not valid: it must be/)
  })

  it('takes minutes', () => {
    expect(read({ ...iam, BMS_CONSOLE_SIGN_IN_IDLE: '5', BMS_CONSOLE_SIGN_IN_MAX: '60' })).toMatchObject({
      idleMs: 300_000,
      totalMs: 3_600_000,
    })
    expect(() => read({ ...iam, BMS_CONSOLE_SIGN_IN_IDLE: '0' })).toThrow(/^BMS_CONSOLE_SIGN_IN_IDLE/)
  })
})

describe('mode oidc', () => {
  it('needs the provider, the client, and who has a role', () => {
    for (const name of [
      'BMS_CONSOLE_OIDC_ISSUER',
      'BMS_CONSOLE_OIDC_CLIENT_ID',
      'BMS_CONSOLE_OPERATOR_GROUPS',
    ]) {
      const env: NodeJS.ProcessEnv = { ...oidc }
      delete env[name]
      expect(() => read(env)).toThrow(name)
    }
  })

  it('has defaults that most providers know', () => {
    expect(read(oidc)).toMatchObject({
      mode: 'oidc',
      issuer: 'https://id.example.com/realms/ops',
      clientSecret: null,
      scopes: null,
      groupsClaim: 'groups',
      nameClaim: null,
      providerName: 'id.example.com',
    })
  })

  it('refuses a provider over plain http, but for one on this machine', () => {
    const at = (issuer: string) => () => read({ ...oidc, BMS_CONSOLE_OIDC_ISSUER: issuer })
    expect(at('http://id.example.com')).toThrow(/^BMS_CONSOLE_OIDC_ISSUER must be https/)
    expect(at('http://127.0.0.1:4000')).not.toThrow()
  })

  it('refuses scopes without openid', () => {
    expect(() => read({ ...oidc, BMS_CONSOLE_OIDC_SCOPES: 'profile openidx' })).toThrow(
      /^BMS_CONSOLE_OIDC_SCOPES is not valid/,
    )
  })
})

describe('what is not valid', () => {
  it.each([
    ['BMS_CONSOLE_SIGN_IN', 'ldap'],
    ['BMS_CONSOLE_TRUSTED_PROXIES', 'proxy.example.com'],
    ['BMS_CONSOLE_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['BMS_CONSOLE_USER_HEADER', 'x user'],
    ['BMS_CONSOLE_ADMIN_GROUPS', ' , '],
  ])('%s=%s is named', (name, value) => {
    expect(() => read({ ...(name.includes('SIGN_IN') ? {} : proxied), [name]: value })).toThrow(
      new RegExp(`^${name} is not valid`),
    )
  })
})
