import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import { ConfigError } from './environment.ts'

const huawei = {
  BMS_CONSOLE_CLOUD: 'huawei',
  BMS_CONSOLE_GATEWAYS: 'console.example.com:443',
  HUAWEI_BMS_ENDPOINT: 'https://bms.example.com',
  HUAWEI_PROJECT_ID: 'p1',
}
const password = {
  HUAWEI_IAM_ENDPOINT: 'https://iam.example.com',
  HUAWEI_DOMAIN: 'acme',
  HUAWEI_USER: 'ops',
  HUAWEI_PASSWORD: 'not a word',
}

describe('parseConfig', () => {
  it('needs nothing: the sandbox, on loopback', () => {
    const config = parseConfig({})
    expect(config.host).toBe('127.0.0.1')
    expect(config.cloud).toEqual({
      kind: 'sandbox',
      machines: 'auto',
      as: 'huawei',
      fleet: { size: 0, pageDelayMs: 0, churnMs: 0 },
    })
    expect([config.port, config.publicOrigins]).toEqual([8080, null])
    expect(config.console.transport).toBe('auto')
    expect(config.console.relayNeeds).toEqual([])
  })

  it('logs less where a person reads along, unless they ask for more', () => {
    expect(parseConfig({}).log).toEqual({ level: 'info', form: 'json' })
    expect(parseConfig({}, { terminal: true }).log.form).toBe('human')
    expect(parseConfig({ BMS_CONSOLE_LOG_FORMAT: 'json' }, { terminal: true }).log.form).toBe('json')
    expect(parseConfig({}, { terminal: true }).log.level).toBe('warn')
    expect(parseConfig({ BMS_CONSOLE_LOG_LEVEL: 'info' }, { terminal: true }).log.level).toBe('info')
  })

  describe('with BMS_CONSOLE_WATCH', () => {
    const relay = { BMS_CONSOLE_TRANSPORT: 'relay' }

    it('watches nothing by default, and what is selected within a budget', () => {
      expect(parseConfig(relay).watch).toBeNull()
      expect(parseConfig({ ...relay, BMS_CONSOLE_WATCH: 'all' }).watch).toEqual({
        selection: { kind: 'all' },
        linksPerHour: 4_000,
      })
      const env = {
        ...relay,
        BMS_CONSOLE_WATCH: 'tag:prod, db-1',
        BMS_CONSOLE_WATCH_LINKS_PER_HOUR: '12000',
      }
      expect(parseConfig(env).watch).toEqual({
        selection: {
          kind: 'some',
          selectors: [
            { by: 'tag', pattern: 'prod' },
            { by: 'name', pattern: 'db-1' },
          ],
        },
        linksPerHour: 12_000,
      })
    })

    it('says what is wrong', () => {
      const all = { BMS_CONSOLE_WATCH: 'all' }
      const failing: [NodeJS.ProcessEnv, RegExp][] = [
        [{ ...relay, BMS_CONSOLE_WATCH: 'all,web-1' }, /^BMS_CONSOLE_WATCH is not valid/],
        [{ ...relay, BMS_CONSOLE_WATCH: 'tag:' }, /^BMS_CONSOLE_WATCH is not valid/],
        [{ ...relay, BMS_CONSOLE_WATCH_LINKS_PER_HOUR: '0' }, /LINKS_PER_HOUR is not valid/],
        [
          { ...all, BMS_CONSOLE_TRANSPORT: 'direct' },
          /^BMS_CONSOLE_WATCH needs BMS_CONSOLE_TRANSPORT=auto or relay/,
        ],
      ]
      for (const [env, message] of failing) {
        expect(() => parseConfig(env)).toThrow(ConfigError)
        expect(() => parseConfig(env)).toThrow(message)
      }
    })

    it('needs credentials of this server beside those of the cloud’s users', () => {
      const env = {
        ...huawei,
        ...relay,
        BMS_CONSOLE_SIGN_IN: 'iam',
        BMS_CONSOLE_OPERATOR_GROUPS: '*',
        BMS_CONSOLE_WATCH: 'all',
      }
      const { HUAWEI_IAM_ENDPOINT } = password
      expect(() => parseConfig({ ...env, HUAWEI_IAM_ENDPOINT })).toThrow(
        /^BMS_CONSOLE_WATCH with BMS_CONSOLE_SIGN_IN=iam needs credentials of this server's own, because nobody is signed in at a line that is watched: .*HUAWEI_USER/,
      )
      const key = { HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk' }
      expect(() => parseConfig({ ...env, ...key })).toThrow(/HUAWEI_IAM_ENDPOINT is missing/)
      for (const own of [password, { ...key, HUAWEI_IAM_ENDPOINT }])
        expect(parseConfig({ ...env, ...own }).cloud).toMatchObject({
          settings: { regions: [{ iamEndpoint: HUAWEI_IAM_ENDPOINT }], own: { projects: [{}] } },
        })
      expect(parseConfig({ ...env, BMS_CONSOLE_WATCH: '', HUAWEI_IAM_ENDPOINT }).cloud).toMatchObject({
        settings: { own: null },
      })
    })
  })

  it('limits requests, by default to what no page reaches', () => {
    expect(parseConfig({}).requests).toEqual({
      userPerMinute: 1_200,
      addressPerMinute: 6_000,
      maxDelayMs: 250,
    })
    const env = {
      BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '60',
      BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: '1000000',
      BMS_CONSOLE_OVERLOAD_DELAY: '50',
    }
    expect(parseConfig(env).requests).toEqual({
      userPerMinute: 60,
      addressPerMinute: 1_000_000,
      maxDelayMs: 50,
    })
  })

  it('takes OpenStack as its clients do, and names what is missing', () => {
    const env = { BMS_CONSOLE_CLOUD: 'openstack', BMS_CONSOLE_GATEWAYS: 'console.example.com:6083' }
    const token = { OS_AUTH_URL: 'https://keystone.example.com', OS_TOKEN: 't', OS_PROJECT_ID: 'p1' }
    expect(parseConfig({ ...env, ...token }).cloud).toMatchObject({
      kind: 'openstack',
      settings: { authUrl: 'https://keystone.example.com', own: { credentials: { kind: 'token' } } },
    })
    expect(() => parseConfig({ ...env, ...token, OS_PROJECT_ID: '' })).toThrow(/^OS_PROJECT_NAME is missing/)
  })

  it.each([
    ['BMS_CONSOLE_PORT', 'eighty'],
    ['BMS_CONSOLE_PORT', '70000'],
    ['BMS_CONSOLE_TRANSPORT', 'tunnel'],
    ['BMS_CONSOLE_PUBLIC_ORIGINS', 'https://a.example/path'],
    ['BMS_CONSOLE_BASE_PATH', 'below-nothing'],
    ['BMS_CONSOLE_BASE_PATH', '/a/../b'],
    ['BMS_CONSOLE_BASE_PATH', '/console?x=1'],
    ['BMS_CONSOLE_GATEWAYS', '*.com'],
    ['BMS_CONSOLE_CLOUD', 'azure'],
    ['BMS_CONSOLE_SANDBOX_MACHINES', 'windows'],
    ['BMS_CONSOLE_SANDBOX_SERVERS', '9'],
    ['BMS_CONSOLE_SANDBOX_SLOW', '-1'],
    ['BMS_CONSOLE_SANDBOX_CHURN', '-5'],
    ['BMS_CONSOLE_LOG_LEVEL', 'loud'],
    ['BMS_CONSOLE_RECORDINGS', 'sometimes'],
    ['BMS_CONSOLE_AUDIT', 'syslog'],
    ['BMS_CONSOLE_USER_REQUESTS_PER_MINUTE', '59'],
    ['BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE', 'many'],
    ['BMS_CONSOLE_OVERLOAD_DELAY', '49'],
  ])('names %s when it is %s, without repeating the value', (name, value) => {
    const attempt = () => parseConfig({ [name]: value })
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(new RegExp(`^${name} is not valid: it must be `))
    expect(attempt).not.toThrow(value)
  })

  it('names a setting that does not exist: a typo must not be a silent default', () => {
    expect(() => parseConfig({ BMS_CONSOLE_PROT: '80' })).toThrow(/^BMS_CONSOLE_PROT is not a setting/)
  })

  it('refuses to listen beyond loopback without the origins it may be opened under', () => {
    expect(() => parseConfig({ BMS_CONSOLE_HOST: '0.0.0.0' })).toThrow(
      /^BMS_CONSOLE_PUBLIC_ORIGINS is missing/,
    )
  })

  it.each([
    'http://console.example.com',
    'http://10.0.0.1:8080',
    'http://localhost.example.com',
    'http://[fd00::1]:8080',
  ])('refuses %s with the reason: a page needs https beyond loopback', (origin) => {
    const start = () => parseConfig({ BMS_CONSOLE_PUBLIC_ORIGINS: `https://console.example.com,${origin}` })
    expect(start).toThrow(ConfigError)
    expect(start).toThrow(
      `BMS_CONSOLE_PUBLIC_ORIGINS has ${origin}, but needs https beyond loopback: what is typed would pass the network unencrypted`,
    )
  })

  it.each(['http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:3000', 'https://10.0.0.1'])(
    'is opened under %s',
    (origin) => {
      expect(parseConfig({ BMS_CONSOLE_PUBLIC_ORIGINS: origin }).publicOrigins).toEqual([origin])
    },
  )

  it('refuses a gateway that no page could open, and says what to do; the relay opens it', () => {
    const env = { ...huawei, ...password, BMS_CONSOLE_GATEWAYS: 'a.example.com,[2001:db8::7]:6083' }
    const direct = () => parseConfig({ ...env, BMS_CONSOLE_TRANSPORT: 'direct' })
    expect(direct).toThrow(ConfigError)
    expect(direct).toThrow(
      'BMS_CONSOLE_GATEWAYS has [2001:db8::7]:6083, which a browser cannot open: a Content Security Policy cannot name an IPv6 address. Give the gateway a host name, or set BMS_CONSOLE_TRANSPORT=relay',
    )
    expect(parseConfig({ ...env, BMS_CONSOLE_TRANSPORT: 'relay' }).console.gateways).toEqual([
      'a.example.com',
      '[2001:db8::7]:6083',
    ])
  })

  it('records nothing unless told to, and then with limits', () => {
    expect(parseConfig({}).recordings).toBeNull()
    const relay = { BMS_CONSOLE_TRANSPORT: 'relay', BMS_CONSOLE_RECORDINGS: 'always' }
    expect(() => parseConfig(relay)).toThrow(/^BMS_CONSOLE_RECORDINGS_DIR is missing/)
    const settings = parseConfig({ ...relay, BMS_CONSOLE_RECORDINGS_DIR: '/var/lib/recordings' }).recordings
    expect(settings).toEqual({
      mode: 'always',
      dir: '/var/lib/recordings',
      maxMib: 100,
      totalMib: 10_240,
      days: 30,
      input: false,
      mayDelete: false,
    })
  })

  it('refuses to record what does not pass this server', () => {
    const recordings = {
      BMS_CONSOLE_RECORDINGS: 'on-demand',
      BMS_CONSOLE_RECORDINGS_DIR: '/var/lib/recordings',
    }
    expect(() => parseConfig({ ...recordings, BMS_CONSOLE_TRANSPORT: 'direct' })).toThrow(
      /^BMS_CONSOLE_RECORDINGS=on-demand needs BMS_CONSOLE_TRANSPORT=auto or relay/,
    )
    expect(parseConfig(recordings).recordings?.mode).toBe('on-demand')
  })

  it.each([
    [{ BMS_CONSOLE_RECORDINGS: 'on-demand', BMS_CONSOLE_RECORDINGS_DIR: '/var/lib/recordings' }],
    [{ BMS_CONSOLE_LINE_LOG_DIR: '/var/lib/lines' }],
    [{ BMS_CONSOLE_SHIP: 'stdout' }],
    [{ BMS_CONSOLE_WATCH: 'name:db-*' }],
    [{ BMS_CONSOLE_IDLE_LIMIT: '30' }],
    [{ BMS_CONSOLE_TIME_LIMIT: '480' }],
    [{ BMS_CONSOLE_MAX_SESSIONS: '2000' }],
    [{ BMS_CONSOLE_MAX_SESSIONS_PER_USER: '5' }],
    [{ BMS_CONSOLE_MAX_VIEWERS: '2' }],
    [{ BMS_CONSOLE_MAX_VIEWERS_PER_USER: '2' }],
  ])('knows what only the relay keeps: %o', (env) => {
    expect(parseConfig(env).console.relayNeeds).toEqual([Object.keys(env)[0]])
  })

  it('takes no limit for one', () => {
    const env = {
      BMS_CONSOLE_IDLE_LIMIT: '0',
      BMS_CONSOLE_TIME_LIMIT: '0',
      BMS_CONSOLE_SCROLLBACK_KIB: '512',
    }
    expect(parseConfig(env).console.relayNeeds).toEqual([])
  })

  it('keeps an audit log on stdout, unless told to keep it in a file or not at all', () => {
    expect(parseConfig({}).audit).toEqual({ to: 'stdout' })
    expect(parseConfig({ BMS_CONSOLE_AUDIT: 'off' }).audit).toEqual({ to: 'off' })
    expect(() => parseConfig({ BMS_CONSOLE_AUDIT: 'file' })).toThrow(/^BMS_CONSOLE_AUDIT_FILE is missing/)
    const file = { BMS_CONSOLE_AUDIT_FILE: '/var/log/audit.log' }
    expect(() => parseConfig(file)).toThrow(
      /^BMS_CONSOLE_AUDIT_FILE is set, but BMS_CONSOLE_AUDIT is not file/,
    )
    expect(parseConfig({ ...file, BMS_CONSOLE_AUDIT: 'file' }).audit).toEqual({
      to: 'file',
      path: '/var/log/audit.log',
      maxBytes: 100 * 1024 * 1024,
      files: 10,
    })
  })

  it('reads a secret from a file, and not from both places', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret')
    writeFileSync(file, 's3cret\n')
    const { HUAWEI_PASSWORD: _, ...rest } = password
    const config = parseConfig({ ...huawei, ...rest, HUAWEI_PASSWORD_FILE: file })
    expect(config.cloud).toMatchObject({ settings: { own: { credentials: { password: 's3cret' } } } })
    expect(() => parseConfig({ ...huawei, ...password, HUAWEI_PASSWORD_FILE: file })).toThrow(/both set/)
    expect(() => parseConfig({ ...huawei, ...rest, HUAWEI_PASSWORD_FILE: `${file}.not` })).toThrow(/ENOENT/)
  })

  it.each(['huawei', 'otc'] as const)('opens %s, with the time limit of its calls', (kind) => {
    const { HUAWEI_BMS_ENDPOINT: _, ...rest } = { ...huawei, ...password }
    const env = { ...rest, BMS_CONSOLE_CLOUD: kind, HUAWEI_REGIONS: 'eu-de', BMS_CONSOLE_CLOUD_TIMEOUT: '3' }
    expect(parseConfig(env).cloud).toMatchObject({ kind, settings: { kind, timeoutMs: 3000 } })
    expect(() => parseConfig({ ...env, BMS_CONSOLE_GATEWAYS: undefined })).toThrow(
      /^BMS_CONSOLE_GATEWAYS is missing \(no gateway is trusted by default\)/,
    )
  })
})
