import { describe, expect, it } from 'vitest'
import { ImpatientClock, ManualClock } from '../../../testing/clock.ts'
import { type CannedAnswer, startTestCloud, tokenAnswer } from '../../../testing/clouds/test-cloud.ts'
import { CloudError } from '../cloud.ts'
import { createHuaweiCloud } from './huawei.ts'

const SIGN_IN = /^\/v3\/auth\/tokens$/
const BMS = /^\/v1\//
const unauthorised: CannedAnswer = {
  status: 401,
  body: { error_code: 'APIGW.0301', error_msg: 'Token expires.' },
}

/** IAM and BMS in one. It issues `token-1`, `token-2` and so on, and accepts what `accepts` says. */
async function start(options: {
  accepts: (token: string) => boolean
  signIn?: (count: number) => CannedAnswer
  /** How long the token is good */
  goodMs?: number
  clock?: ManualClock
}) {
  let given = 0
  const server = await startTestCloud(({ path, headers }) => {
    if (SIGN_IN.test(path)) {
      given += 1
      return options.signIn?.(given) ?? tokenAnswer(`token-${given}`, options.clock?.now(), options.goodMs)
    }
    if (!options.accepts(String(headers['x-auth-token']))) return unauthorised
    const remote_console = { url: 'https://gw/?token=t' }
    return { body: { server: { id: 'a' }, servers: [], count: 0, remote_console } }
  })
  const cloud = createHuaweiCloud({
    endpoint: server.endpoint,
    projectId: 'project-1',
    auth: { kind: 'password', iamEndpoint: server.endpoint, domain: 'acme', user: 'ops', password: 's3cret' },
    clock: options.clock ?? new ImpatientClock(),
  })
  const counts = () => [
    server.sent('POST', SIGN_IN).length,
    server.requests.filter((r) => BMS.test(r.path)).length,
  ]
  return { ...server, cloud, counts }
}

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof CloudError)) throw new Error('a CloudError was expected')
  return error.failure
}

describe('sign-in with a password', () => {
  it('is one documented request, shared by all who wait and kept for later', async () => {
    const { cloud, counts, sent } = await start({ accepts: () => true })
    await Promise.all([cloud.getServer('a'), cloud.listServers(), cloud.remoteConsole('a')])
    await cloud.getServer('a')
    expect(counts()).toEqual([1, 4])
    expect(JSON.parse(sent('POST', SIGN_IN)[0]?.body ?? '')).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'ops', password: 's3cret', domain: { name: 'acme' } } },
        },
        scope: { project: { id: 'project-1' } },
      },
    })
  })

  it('comes again before the token ends, not at its end', async () => {
    const clock = new ImpatientClock(Date.parse('2026-03-04T00:00:00Z'))
    const { cloud, counts } = await start({
      accepts: () => true,
      clock,
      goodMs: 3_600_000,
    })
    await cloud.getServer('a')
    clock.advance(54 * 60_000)
    await cloud.getServer('a')
    expect(counts()).toEqual([1, 2])
    clock.advance(2 * 60_000)
    await cloud.getServer('a')
    expect(counts()).toEqual([2, 3])
  })

  it('that IAM refuses is tried once: more would lock the user out', async () => {
    const { cloud, counts } = await start({
      accepts: () => true,
      signIn: () => ({
        status: 401,
        body: { error: { code: 401, message: 'Wrong.', title: 'Unauthorized' } },
      }),
    })
    const refusal = await failure(cloud.getServer('a'))
    expect(refusal).toMatchObject({ cause: 'signed-out', code: '401' })
    expect(refusal.detail).toContain('HUAWEI_PASSWORD')
    expect(counts()).toEqual([1, 0])
  })

  it('that IAM refuses only later, when the token ends, is tried once as well', async () => {
    const clock = new ImpatientClock(0)
    const { cloud, counts } = await start({
      accepts: () => true,
      clock,
      signIn: (count) => (count === 1 ? tokenAnswer('token-1', clock.now(), 3_600_000) : { status: 401 }),
    })
    await cloud.getServer('a')
    clock.advance(4_000_000)
    expect(await failure(cloud.getServer('a'))).toMatchObject({ cause: 'signed-out' })
    expect(counts()).toEqual([2, 1])
  })

  it('is repeated once when IAM stumbles, whatever the call behind it', async () => {
    const once = await start({
      accepts: () => true,
      signIn: (n) => (n === 1 ? { status: 500 } : tokenAnswer('t')),
    })
    await once.cloud.remoteConsole('a')
    expect(once.counts()).toEqual([2, 1])
    const always = await start({ accepts: () => true, signIn: () => ({ status: 500 }) })
    expect(await failure(always.cloud.getServer('a'))).toMatchObject({ cause: 'cloud-error' })
    expect(always.counts()).toEqual([2, 0])
  })

  it.each([
    ['no token', { status: 201, body: { token: { expires_at: '2999-01-01T00:00:00Z' } } }],
    ['no expiry', { status: 201, headers: { 'x-subject-token': 't' }, body: { token: {} } }],
    ['no JSON', { status: 201, headers: { 'x-subject-token': 't' }, body: '<html>' }],
  ])('with %s in the answer is reported as such', async (_name, answer) => {
    const { cloud } = await start({ accepts: () => true, signIn: () => answer })
    expect(await failure(cloud.remoteConsole('a'))).toEqual({
      cause: 'cloud-error',
      detail: "The cloud's token answer is not as documented.",
    })
  })
})

describe('a 401 to a token', () => {
  it.each(['GET', 'POST'])('is followed by one new token: %s', async (method) => {
    const { cloud, counts } = await start({ accepts: (token) => token !== 'token-1' })
    await (method === 'GET' ? cloud.getServer('a') : cloud.remoteConsole('a'))
    expect(counts()).toEqual([2, 2])
  })

  it('is followed by one new token and not more', async () => {
    const { cloud, counts } = await start({ accepts: () => false })
    expect(await failure(cloud.remoteConsole('a'))).toMatchObject({ cause: 'signed-out', code: 'APIGW.0301' })
    expect(counts()).toEqual([2, 2])
  })

  it('is followed by one new token for all calls under way', async () => {
    let revoked = false
    const { cloud, counts } = await start({ accepts: (token) => !revoked || token === 'token-2' })
    await cloud.getServer('a')
    revoked = true
    const calls = Array.from({ length: 8 }, (_, index) => cloud.getServer(`s${index}`))
    await Promise.all(calls)
    expect(counts()).toEqual([2, 1 + 8 + 8])
  })

  it('is final where the token was given, or the request signed', async () => {
    for (const auth of [
      { kind: 'token', token: 't' },
      { kind: 'aksk', accessKey: 'AK', secretKey: 'SK' },
    ] as const) {
      const { endpoint, requests } = await startTestCloud(() => unauthorised)
      const cloud = createHuaweiCloud({ endpoint, projectId: 'p', auth })
      expect(await failure(cloud.getServer('a'))).toMatchObject({ cause: 'signed-out' })
      expect(requests).toHaveLength(1)
    }
  })
})

describe('what is replaced in its file', () => {
  const accessKey = (name: string) => ({
    accessKey: `AK-${name}`,
    secretKey: `SK-${name}`,
    securityToken: `ST-${name}`,
  })

  /** A cloud that accepts one key, known by its security token, and a file with another. */
  async function startWithFile(options: { inFile: string | Error; accepts: string }) {
    let { inFile, accepts } = options
    const server = await startTestCloud(({ headers }) =>
      headers['x-security-token'] === `ST-${accepts}`
        ? { body: { server: { id: 'a' }, remote_console: { url: 'https://gw/?token=t' } } }
        : unauthorised,
    )
    const reread = () => {
      if (inFile instanceof Error) throw inFile
      return accessKey(inFile)
    }
    const cloud = createHuaweiCloud({
      endpoint: server.endpoint,
      projectId: 'p',
      auth: { kind: 'aksk', ...accessKey('1'), reread },
    })
    const rotate = (name: string) => {
      inFile = name
      accepts = name
    }
    const used = () => server.requests.map(({ headers }) => headers['x-security-token'])
    return { cloud, used, rotate }
  }

  it('an access key is taken up after the first 401, for a GET and a POST', async () => {
    const { cloud, used, rotate } = await startWithFile({ inFile: '1', accepts: '1' })
    await cloud.getServer('a')
    rotate('2')
    await cloud.getServer('a')
    await cloud.getServer('a')
    rotate('3')
    await cloud.remoteConsole('a')
    expect(used()).toEqual(['ST-1', 'ST-1', 'ST-2', 'ST-2', 'ST-2', 'ST-3'])
  })

  it('an access key that is still the same is not tried again: it would be locked', async () => {
    const { cloud, used } = await startWithFile({ inFile: '1', accepts: '2' })
    expect(await failure(cloud.getServer('a'))).toMatchObject({ cause: 'signed-out', code: 'APIGW.0301' })
    expect(used()).toEqual(['ST-1'])
  })

  it('an access key that is refused as well is reported after one more try', async () => {
    const { cloud, used } = await startWithFile({ inFile: '2', accepts: '3' })
    expect(await failure(cloud.getServer('a'))).toMatchObject({ cause: 'signed-out' })
    expect(used()).toEqual(['ST-1', 'ST-2'])
  })

  it('a file that cannot be read changes nothing', async () => {
    const { cloud, used } = await startWithFile({ inFile: new Error('EACCES'), accepts: '2' })
    expect(await failure(cloud.getServer('a'))).toMatchObject({ cause: 'signed-out' })
    expect(used()).toEqual(['ST-1'])
  })

  it('all calls under way take up the new key', async () => {
    const { cloud, used, rotate } = await startWithFile({ inFile: '1', accepts: '1' })
    rotate('2')
    await Promise.all(Array.from({ length: 4 }, () => cloud.getServer('a')))
    expect(used().filter((token) => token === 'ST-2')).toHaveLength(4)
    expect(used().filter((token) => token === 'ST-1').length).toBeLessThanOrEqual(4)
  })

  it('a given token is taken up after the first 401', async () => {
    const server = await startTestCloud(({ headers }) =>
      headers['x-auth-token'] === 't2' ? { body: { server: { id: 'a' } } } : unauthorised,
    )
    const auth = { kind: 'token', token: 't1', reread: () => 't2' } as const
    const cloud = createHuaweiCloud({ endpoint: server.endpoint, projectId: 'p', auth })
    await cloud.getServer('a')
    expect(server.requests.map(({ headers }) => headers['x-auth-token'])).toEqual(['t1', 't2'])
  })
})

it('an access key signs each request, with the project and the temporary token', async () => {
  const { endpoint, requests } = await startTestCloud(() => ({ body: { server: { id: 'a' } } }))
  const auth = { kind: 'aksk', accessKey: 'AK1', secretKey: 'SK1', securityToken: 'ST1' } as const
  await createHuaweiCloud({ endpoint, projectId: 'p', auth, clock: new ManualClock(0) }).getServer('a')
  expect(requests[0]?.headers).toMatchObject({
    'x-project-id': 'p',
    'x-security-token': 'ST1',
    'x-sdk-date': '19700101T000000Z',
    host: new URL(endpoint).host,
    authorization: expect.stringMatching(
      /^SDK-HMAC-SHA256 Access=AK1, SignedHeaders=accept;content-type;host;/,
    ),
  })
  expect(requests[0]?.headers).not.toHaveProperty('x-auth-token')
  expect(JSON.stringify(requests)).not.toContain('SK1')
})
