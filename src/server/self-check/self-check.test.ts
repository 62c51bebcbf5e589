import { once } from 'node:events'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../../e2e/lab/tools.ts'
import { openedCloud } from '../../testing/app.ts'
import { addressOf, listeningGateway } from '../../testing/gateway.ts'
import { isInstalled } from '../../testing/installed.ts'
import { type Certificate, TestAuthority } from '../../testing/outbound/certificates.ts'
import { startRedis } from '../../testing/redis.ts'
import { startGateway } from '../../testing/security/guarded-app.ts'
import { testServer } from '../../testing/server.ts'
import { silentCloud } from '../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from '../clouds/cloud.ts'
import { parseConfig } from '../config.ts'
import { Dialler } from '../outbound/dialler.ts'
import { checkTransport } from './addresses.ts'
import type { Finding } from './finding.ts'
import { selfCheck } from './self-check.ts'

const SECRET = 's3cr3t-token'

async function found(env: NodeJS.ProcessEnv, cloud: Partial<Cloud> = {}, serverId: string | null = null) {
  const config = parseConfig({ BMS_CONSOLE_PORT: '0', ...env })
  const all: Cloud = {
    ...silentCloud,
    listServers: async () => ({ servers: [testServer()], missing: [] }),
    getServer: async (id) => testServer({ id, name: 'node-1' }),
    close: async () => {},
    ...cloud,
  }
  const findings: Finding[] = []
  const options = { config, cloud: openedCloud(all), dialler: new Dialler(config.outbound), serverId }
  for await (const finding of selfCheck(options)) findings.push(finding)
  expect(JSON.stringify(findings)).not.toContain(SECRET)
  return findings
}

const about = (findings: Finding[], what: string) => findings.filter((finding) => finding.about === what)

describe.skipIf(!isInstalled('openssl'))('the self check of a certificate', () => {
  let authority: TestAuthority
  beforeAll(() => {
    authority = new TestAuthority()
  })
  afterAll(() => authority.remove())

  function env({ cert, key }: Certificate, mode = 0o600): NodeJS.ProcessEnv {
    const [certFile, keyFile] = [join(authority.folder, 'own.pem'), join(authority.folder, 'own.key')]
    writeFileSync(certFile, cert)
    writeFileSync(keyFile, key)
    chmodSync(keyFile, mode)
    return {
      BMS_CONSOLE_TLS_CERT: certFile,
      BMS_CONSOLE_TLS_KEY: keyFile,
      BMS_CONSOLE_PUBLIC_ORIGINS: 'https://localhost',
    }
  }
  const certificate = async (settings: NodeJS.ProcessEnv) => about(await found(settings), 'certificate')

  it('is content with one of a CA of its own that is good for long, and tells until when', async () => {
    const own = authority.issue({ valid: { from: '20200101000000Z', until: '20990101000000Z' } })
    const settings = env({ ...own, cert: own.cert + authority.pem })
    expect(await certificate(settings)).toEqual([
      { state: 'ok', about: 'certificate', says: 'Good until 2099-01-01.' },
    ])
    // Nothing is in front of it, so there is no address of a proxy to trust.
    expect(about(await found(settings), 'proxy')).toEqual([])
  })

  it('says what browsers would not like', async () => {
    const settings = env(authority.issue({ names: 'DNS:other.test' }), 0o644)
    expect(await certificate(settings)).toMatchObject([
      { state: 'warning', says: expect.stringMatching(/^It expires on \d{4}-\d\d-\d\d\.$/) },
      { state: 'wrong', says: expect.stringContaining('other names than localhost') },
      { state: 'warning', says: expect.stringContaining('With a CA of your own that is right') },
      { state: 'warning', says: 'Every user of this machine may read the file of BMS_CONSOLE_TLS_KEY.' },
    ])
  })
})
/** An address where nobody listens */
async function closedGateway(): Promise<string> {
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const { port } = closed.address() as AddressInfo
  closed.close()
  await once(closed, 'close')
  return `127.0.0.1:${port}`
}

describe('the self check', () => {
  it('finds nothing wrong where nothing is', async () => {
    const gateway = await startGateway([])
    const findings = await found({ BMS_CONSOLE_GATEWAYS: gateway })
    expect(findings).toEqual([
      { state: 'ok', about: 'settings', says: 'All are valid.' },
      { state: 'ok', about: 'transport', says: expect.stringMatching(/^auto: the relay\. Only where/) },
      { state: 'ok', about: 'page', says: 'Only browsers on this machine reach it (loopback).' },
      { state: 'ok', about: 'gateway', says: `${gateway} answers.` },
      { state: 'ok', about: 'cloud', says: 'Test shows 1 server.' },
    ])
  })

  it('says what a proxy must do where all is below a path', async () => {
    const findings = await found({ BMS_CONSOLE_BASE_PATH: '/console/' })
    const says = 'All is below /console/: a proxy in front must leave that path in what it passes on.'
    expect(about(findings, 'page')[0]).toEqual({ state: 'ok', about: 'page', says })
  })

  it('says which gateway does not answer, and why', async () => {
    const gateway = await closedGateway()
    for (const env of [
      { BMS_CONSOLE_TRANSPORT: 'relay' },
      { BMS_CONSOLE_TRANSPORT: 'direct' },
      { BMS_CONSOLE_IDLE_LIMIT: '30' },
    ]) {
      const findings = await found({ ...env, BMS_CONSOLE_GATEWAYS: `${gateway},*.bms.example.com` })
      expect(about(findings, 'gateway')).toEqual([
        { state: 'wrong', about: 'gateway', says: expect.stringContaining(`${gateway} `) },
        { state: 'warning', about: 'gateway', says: expect.stringContaining('*.bms.example.com') },
      ])
      expect(about(findings, 'gateway')[0]?.says).toContain('ECONNREFUSED')
    }
  })

  it('says that browsers take the place of a server that finds no way', async () => {
    const gateway = await closedGateway()
    const findings = await found({ BMS_CONSOLE_GATEWAYS: gateway })
    expect(about(findings, 'gateway')).toEqual([
      {
        state: 'warning',
        about: 'gateway',
        says: `The gateway ${gateway} refused the connection (ECONNREFUSED). Browsers get the links of its consoles: nothing is shared or kept there.`,
      },
    ])
  })

  it.each([
    [{ BMS_CONSOLE_TRANSPORT: 'relay' }, 'relay: this server connects to the gateways, browsers never do.'],
    [{ BMS_CONSOLE_TRANSPORT: 'direct' }, /^direct: browsers connect to the gateways/],
    [{ BMS_CONSOLE_IDLE_LIMIT: '30' }, 'auto: always the relay, because of BMS_CONSOLE_IDLE_LIMIT.'],
  ])('says which way lines take: %o', async (env, says) => {
    expect(checkTransport(parseConfig(env).console).says).toMatch(says)
  })

  it('says why the cloud refuses', async () => {
    const failure = { cause: 'signed-out', detail: 'The cloud refuses the access key.' } as const
    const findings = await found(
      {},
      {
        listServers: async () => {
          throw new CloudError(failure)
        },
      },
    )
    expect(about(findings, 'cloud')).toEqual([
      { state: 'wrong', about: 'cloud', says: 'Test: The cloud refuses the access key.' },
    ])
  })

  it('names a project that is missing', async () => {
    const missing = [{ where: 'eu-nl / b', failure: { cause: 'cloud-timeout' as const } }]
    const findings = await found({}, { listServers: async () => ({ servers: [], missing }) })
    expect(about(findings, 'cloud')).toMatchObject([
      { state: 'warning', says: 'Test shows 0 servers. eu-nl / b is missing: cloud-timeout.' },
    ])
  })

  it('opens the console of a server that was named', async () => {
    const gateway = await startGateway([])
    const cloud = { remoteConsole: async () => `http://${gateway}/?token=${SECRET}` }
    const findings = await found({ BMS_CONSOLE_GATEWAYS: gateway }, cloud, 'server-1')
    expect(about(findings, 'console')).toEqual([
      { state: 'ok', about: 'console', says: `node-1: the gateway ${gateway} opened its console.` },
    ])
  })

  it.each(['https://console.test', 'https://elsewhere.test'])(
    'says whether the gateway takes the pages of %s, where they open the link themselves',
    async (origin) => {
      const gateway = await listeningGateway()
      onTestFinished(() => gateway.close())
      // As nova-serialproxy: it refuses after the handshake.
      gateway.on('connection', (line, { headers }) => {
        if (headers.origin !== undefined && headers.origin !== 'https://console.test') line.close()
        else line.send(Buffer.from('login: '))
      })
      const at = addressOf(gateway)
      const cloud = { remoteConsole: async () => `http://${at}/?token=${SECRET}` }
      const env = {
        BMS_CONSOLE_GATEWAYS: at,
        BMS_CONSOLE_TRANSPORT: 'direct',
        BMS_CONSOLE_PUBLIC_ORIGINS: origin,
      }
      const [opened, page, ...others] = about(await found(env, cloud, 'server-1'), 'console')
      expect(opened).toMatchObject({ state: 'ok' })
      expect(others).toEqual([])
      expect(page).toMatchObject(
        origin === 'https://console.test'
          ? { state: 'ok', says: `node-1: the gateway takes pages of ${origin}.` }
          : {
              state: 'wrong',
              says: expect.stringContaining(`refuses pages of ${origin}. Allow that origin`),
            },
      )
    },
  )

  it('says where a console leads that no setting allows', async () => {
    const cloud = { remoteConsole: async () => `https://elsewhere.test/?token=${SECRET}` }
    const findings = await found({ BMS_CONSOLE_GATEWAYS: '*.bms.example.com' }, cloud, 'server-1')
    expect(about(findings, 'console')).toMatchObject([
      { state: 'wrong', says: expect.stringContaining('which BMS_CONSOLE_GATEWAYS does not list') },
    ])
  })

  it('tries the folders', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'self-check-'))
    onTestFinished(() => import('node:fs').then(({ rmSync }) => rmSync(dir, { recursive: true })))
    const findings = await found({
      BMS_CONSOLE_TRANSPORT: 'relay',
      BMS_CONSOLE_LINE_LOG_DIR: join(dir, 'lines'),
      BMS_CONSOLE_AUDIT: 'file',
      BMS_CONSOLE_AUDIT_FILE: join(dir, 'nowhere', 'audit.log'),
    })
    expect(about(findings, 'line log')).toMatchObject([{ state: 'ok' }])
    expect(about(findings, 'audit log')).toMatchObject([
      { state: 'wrong', says: 'The folder of BMS_CONSOLE_AUDIT_FILE cannot be written (ENOENT).' },
    ])
  })

  it('says what a server behind a proxy needs', async () => {
    const findings = await found({ BMS_CONSOLE_PUBLIC_ORIGINS: 'https://console.invalid' })
    expect(about(findings, 'page')).toMatchObject([{ state: 'warning' }])
    expect(about(findings, 'proxy')).toMatchObject([
      { state: 'warning', says: expect.stringContaining('BMS_CONSOLE_TRUSTED_PROXIES') },
    ])
  })
})

describe.skipIf(!isInstalled('redis-server'))('the self check of a replica', () => {
  const settings = async (url: string, port?: number) => ({
    BMS_CONSOLE_PUBLIC_ORIGINS: 'https://localhost',
    BMS_CONSOLE_REDIS_URL: url,
    BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${port ?? (await freePort())}`,
    BMS_CONSOLE_REPLICA_SECRET: `${SECRET}${'x'.repeat(32)}`,
  })

  it('is content with a store that keeps what it is given, and an address of this machine', async () => {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    const findings = await found(await settings(redis.url))
    expect(about(findings, 'store')).toMatchObject([{ state: 'ok' }])
    expect(about(findings, 'replicas')).toMatchObject([{ state: 'ok' }])
  })

  it('warns of a store that forgets when it is full', async () => {
    const redis = await startRedis({ maxmemory: '100mb', 'maxmemory-policy': 'volatile-lru' })
    onTestFinished(redis.stop)
    const findings = await found(await settings(redis.url))
    expect(about(findings, 'store')).toEqual([
      { state: 'warning', about: 'store', says: expect.stringContaining('It is volatile-lru.') },
    ])
  })

  it('names the setting where no store answers, or the address cannot be had', async () => {
    const findings = await found({
      ...(await settings(`redis://:${SECRET}@127.0.0.1:${await freePort()}`)),
      // Kept for documentation: no machine has it.
      BMS_CONSOLE_REPLICA_ADDRESS: '192.0.2.1:8090',
    })
    expect(about(findings, 'store')).toEqual([
      { state: 'wrong', about: 'store', says: expect.stringContaining('BMS_CONSOLE_REDIS_URL: ') },
    ])
    expect(about(findings, 'replicas')).toEqual([
      { state: 'wrong', about: 'replicas', says: expect.stringContaining('(EADDRNOTAVAIL)') },
    ])
  })

  it('says that an address is taken, as that of a running server is', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const findings = await found(await settings(`redis://127.0.0.1:${await freePort()}`, port))
    expect(about(findings, 'replicas')).toMatchObject([{ state: 'warning' }])
  })
})
