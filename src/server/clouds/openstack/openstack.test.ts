import { describe, expect, it } from 'vitest'
import type { PowerAction } from '../../../shared/server.ts'
import { CloudError } from '../cloud.ts'
import { type CannedAnswer, ours, type RecordedRequest, startTestCloud } from '../test-cloud.ts'
import {
  flavor,
  next,
  projectId,
  remoteConsole,
  scopedToken,
  serialConsole,
  server21,
  server298,
  version,
  versions,
} from './documented.ts'
import { openOpenStack } from './open.ts'

type Answer = (request: RecordedRequest, index: number) => CannedAnswer | undefined

interface Options {
  /** The end of the endpoint in the catalog. */
  path?: string
  /** Of Nova, by its version document. */
  newest?: string | null
  accepts?: (token: string) => boolean
  credentials?: Parameters<typeof openOpenStack>[0]['own']
}

const unauthorised: CannedAnswer = {
  status: 401,
  headers: { 'www-authenticate': 'Keystone uri="http://example.com/identity"' },
  body: {
    error: {
      message: 'The request you have made requires authentication.',
      code: 401,
      title: 'Unauthorized',
    },
  },
}

/** Keystone and Nova, each on its own port. `answer` is Nova's, apart from its versions. */
async function start(answer: Answer, options: Options = {}) {
  const { path = '/v2.1', newest = '2.100', accepts = () => true } = options
  const nova = await startTestCloud((request, index) => {
    if (!accepts(String(request.headers['x-auth-token']))) return unauthorised
    const told = answer(request, index)
    if (told) return told
    if (newest === null) return { status: 404, body: '' }
    if (/\/v2(\.1)?\/$/.test(request.path)) return { body: version(newest) }
    if (request.path.endsWith('/')) return { status: 300, body: versions(newest) }
    return { status: 404, body: { itemNotFound: { code: 404, message: 'The resource could not be found.' } } }
  })
  let given = 0
  const keystone = await startTestCloud(() => {
    given += 1
    return {
      status: 201,
      headers: { 'x-subject-token': `token-${given}` },
      body: scopedToken({ RegionOne: `${nova.endpoint}${path}` }),
    }
  })
  const cloud = openOpenStack(
    {
      name: 'test',
      authUrl: keystone.endpoint,
      interface: 'public',
      regions: ['RegionOne'],
      tls: { ca: null, verify: true },
      domain: null,
      own: options.credentials ?? {
        credentials: { kind: 'password', user: { id: 'u' }, password: 'devstacker' },
        scope: { project: { id: projectId } },
        from: 'the test',
      },
      timeoutMs: undefined,
    },
    { pause: async () => {} },
  )
  /** What Nova was asked besides its versions. */
  const asked = () => nova.requests.map(ours).filter((request) => !request.path.endsWith('/'))
  return { cloud, nova, keystone, asked }
}

const cause = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof CloudError ? error.failure.cause : String(error)),
  )

const json = { accept: 'application/json', 'content-type': 'application/json' }
const at = (microversion: string | null, token = 'token-1') => ({
  ...json,
  'x-auth-token': token,
  ...(microversion ? { 'openstack-api-version': `compute ${microversion}` } : {}),
})
const id = server21.id

describe('servers', () => {
  it('are listed as documented, in the newest microversion that both know', async () => {
    const { cloud, asked } = await start(({ path }) =>
      path.includes('/servers/') ? { body: { servers: [server298] } } : undefined,
    )
    expect(await cloud.listServers()).toEqual({
      missing: [],
      servers: [
        {
          id,
          name: 'new-server-test',
          status: 'active',
          power: 'on',
          task: null,
          os: { windowsConsole: true, family: 'unknown', image: null },
          addresses: [{ address: '192.168.1.30', version: 4, kind: 'fixed', mac: '00:0c:29:0d:11:74' }],
          zone: 'us-west',
          flavor: { name: 'm1.tiny', vcpus: 1, memoryMiB: 512, diskGiB: 1 },
          tags: ['rack=7'],
          locked: false,
          region: 'RegionOne',
          project: { id: projectId, name: 'admin' },
          enterpriseProject: null,
          created: '2013-09-03T04:01:32Z',
        },
      ],
    })
    expect(asked()).toEqual([
      { method: 'GET', path: '/v2.1/servers/detail?limit=1000', headers: at('2.98'), body: '' },
    ])
  })

  it('of an old cloud get the name of their flavor, asked for once', async () => {
    const { cloud, asked } = await start(
      ({ path }) => {
        if (path.includes('/flavors/')) return { body: flavor }
        return {
          body: path.includes('detail')
            ? { servers: [server21, { ...server21, id: 'b' }] }
            : { server: server21 },
        }
      },
      { newest: '', path: '/v2' },
    )
    const tiny = { name: 'm1.tiny', vcpus: 1, memoryMiB: 512, diskGiB: 1 }
    expect((await cloud.listServers()).servers.map((server) => server.flavor)).toEqual([tiny, tiny])
    expect((await cloud.getServer(id)).flavor).toEqual(tiny)
    expect(asked()).toEqual([
      { method: 'GET', path: '/v2/servers/detail?limit=1000', headers: at(null), body: '' },
      { method: 'GET', path: '/v2/flavors/1', headers: at(null), body: '' },
      { method: 'GET', path: `/v2/servers/${id}`, headers: at(null), body: '' },
    ])
  })

  it('whose flavor is gone are shown with its id', async () => {
    const { cloud } = await start(
      ({ path }) => (path.includes('/servers/') ? { body: { server: server21 } } : undefined),
      { newest: '2.46' },
    )
    expect((await cloud.getServer(id)).flavor.name).toBe('1')
  })

  it.each([
    [
      { 'OS-EXT-STS:power_state': 4, status: 'SHUTOFF' },
      { power: 'off', status: 'stopped' },
    ],
    [{ 'OS-EXT-STS:task_state': 'reboot_pending_hard' }, { task: 'rebooting' }],
    [{ 'OS-EXT-STS:task_state': 'powering-on' }, { task: 'powering-on' }],
    [{ image: { properties: { os_type: 'windows' } } }, { os: { family: 'windows' } }],
    [{ image: { properties: { os_distro: 'windows' } } }, { os: { family: 'windows' } }],
    [{ image: '', metadata: { os_type: 'Linux' } }, { os: { family: 'linux' } }],
    [
      { flavor: null, image: null, addresses: null, tags: null },
      { flavor: { name: '' }, tags: [] },
    ],
  ])('are read: %o', async (wire, expected) => {
    const { cloud } = await start(() => ({ body: { server: { ...server298, ...wire } } }))
    expect(await cloud.getServer(id)).toMatchObject(expected)
  })

  it('of a part of the cloud that is down are shown all the same', async () => {
    const down = { id: 'd', status: 'UNKNOWN', tenant_id: 't', created: '2018-12-03T21:06:18Z', links: [] }
    const { cloud } = await start(() => ({ body: { servers: [down, server298] } }))
    const { servers } = await cloud.listServers()
    expect(servers.map(({ status }) => status)).toEqual(['unknown', 'active'])
  })
})

describe('paging', () => {
  const pages = (
    link: (page: number) => { href: string; rel: string }[],
    count = Number.POSITIVE_INFINITY,
  ) => {
    let page = 0
    return start(({ path }) => {
      if (!path.includes('/detail')) return undefined
      page += 1
      const servers = [{ ...server298, id: `s${Math.min(page, count)}` }]
      return { body: { servers, ...(page < count ? { servers_links: link(page) } : {}) } }
    })
  }
  const paths = (asked: { path: string }[]) => asked.map(({ path }) => path.split('?')[1])

  it('goes on from the marker of the link, at the cloud’s own address', async () => {
    const { cloud, asked } = await pages((page) => next(`s${page}`), 3)
    expect((await cloud.listServers()).servers.map((server) => server.id)).toEqual(['s1', 's2', 's3'])
    expect(paths(asked())).toEqual(['limit=1000', 'limit=1000&marker=s1', 'limit=1000&marker=s2'])
  })

  it('goes on from the last server where the link has no marker', async () => {
    const { cloud, asked } = await pages(() => [{ rel: 'next', href: 'nonsense' }], 2)
    expect((await cloud.listServers()).servers).toHaveLength(2)
    expect(paths(asked())).toEqual(['limit=1000', 'limit=1000&marker=s1'])
  })

  it('ends with a link that leads to the same page for ever', async () => {
    const { cloud, asked } = await start(({ path }) =>
      path.includes('/detail') ? { body: { servers: [server298], servers_links: next('same') } } : undefined,
    )
    expect((await cloud.listServers()).servers).toHaveLength(1)
    expect(asked()).toHaveLength(2)
  })

  it('ends with pages that never do', async () => {
    const { cloud, asked } = await pages((page) => next(`s${page}`))
    expect((await cloud.listServers()).servers).toHaveLength(200)
    expect(asked()).toHaveLength(200)
  })

  it('sends the token nowhere else', async () => {
    const other = await startTestCloud(() => ({ body: { servers: [] } }))
    const { cloud } = await pages(
      (page) => [{ rel: 'next', href: `${other.endpoint}/v2.1/servers/detail?marker=s${page}` }],
      2,
    )
    expect((await cloud.listServers()).servers).toHaveLength(2)
    expect(other.requests).toEqual([])
  })
})

describe('where the API is', () => {
  const cases: [string, string | null, string, string | null][] = [
    ['/v2.1', '2.100', '/v2.1', '2.98'],
    [`/v2.1/${projectId}`, '2.60', `/v2.1/${projectId}`, '2.60'],
    ['/compute/v2.1/', '2.98', '/compute/v2.1', '2.98'],
    [`/compute/v2.1/${projectId}`, '2.97', `/compute/v2.1/${projectId}`, '2.97'],
    [`/v2/${projectId}`, '', `/v2/${projectId}`, null],
    ['/v2.1', null, '/v2.1', null],
    ['', '2.87', '/v2.1', '2.87'],
    ['/compute', '2.87', '/compute/v2.1', '2.87'],
  ]
  it.each(cases)('%s with %s', async (path, newest, base, microversion) => {
    const { cloud, asked } = await start(
      (request) => (request.path.includes('/servers/') ? { body: { server: server298 } } : undefined),
      { path, newest },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toMatchObject({ path: `${base}/servers/${id}`, headers: at(microversion) })
    await cloud.getServer(id)
    expect(asked()).toHaveLength(2)
  })

  it('says it with the older header, and with the project in the path, where the cloud is old', async () => {
    const { cloud, asked } = await start(
      (request) => (request.path.includes('/servers/') ? { body: { server: server298 } } : undefined),
      { path: '', newest: '2.12' },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toEqual({
      method: 'GET',
      path: `/v2.1/${projectId}/servers/${id}`,
      headers: { ...at(null), 'x-openstack-nova-api-version': '2.12' },
      body: '',
    })
  })

  it('is the old API where there is no 2.1', async () => {
    const { cloud, asked } = await start(
      ({ path }) => {
        if (path === '/') return { body: { versions: versions('').versions.slice(0, 1) } }
        return { body: { server: server298 } }
      },
      { path: '' },
    )
    await cloud.getServer(id)
    expect(asked()[0]).toMatchObject({ path: `/v2/${projectId}/servers/${id}`, headers: at(null) })
  })

  it('is asked for again after the cloud was away', async () => {
    let away = true
    const { cloud } = await start(({ path }) => {
      if (path.includes('/servers/')) return { body: { server: server298 } }
      return away ? { status: 503 } : undefined
    })
    expect(await cause(cloud.getServer(id))).toBe('cloud-error')
    away = false
    expect(await cause(cloud.getServer(id))).toBe('no error')
  })
})

describe('the serial console', () => {
  const remote = {
    method: 'POST',
    path: `/v2.1/servers/${id}/remote-consoles`,
    headers: at('2.98'),
    body: { remote_console: { protocol: 'serial', type: 'serial' } },
  }
  const action = {
    method: 'POST',
    path: `/v2.1/servers/${id}/action`,
    headers: at(null),
    body: { 'os-getSerialConsole': { type: 'serial' } },
  }
  const consoles =
    (first: CannedAnswer, second: CannedAnswer = { body: serialConsole }): Answer =>
    ({ path }) => {
      if (path.endsWith('/remote-consoles')) return first
      return path.endsWith('/action') ? second : undefined
    }
  const fault = (name: string, code: number, message: string): CannedAnswer => ({
    status: code,
    body: { [name]: { code, message } },
  })
  const missing = fault('itemNotFound', 404, `Instance ${id} could not be found.`)

  it('is asked for as documented since 2.6', async () => {
    const { cloud, asked } = await start(consoles({ body: remoteConsole }))
    expect(await cloud.remoteConsole(id)).toBe(remoteConsole.remote_console.url)
    expect(asked()).toEqual([remote])
  })

  it.each(['2.5', ''])('is asked for by the action until 2.5: %s', async (newest) => {
    const { cloud, asked } = await start(consoles({ status: 500 }), { newest })
    expect(await cloud.remoteConsole(id)).toBe(serialConsole.console.url)
    expect(asked()).toEqual([action])
  })

  it.each([
    ['404 of the path', fault('itemNotFound', 404, 'The resource could not be found.')],
    ['404 in HTML', { status: 404, body: '<html>404 Not Found</html>' }],
    ['405', { status: 405 }],
    [
      '406',
      fault(
        'computeFault',
        406,
        'Version 2.98 is not supported by the API. Minimum is 2.1 and maximum is 2.93.',
      ),
    ],
    ['400 of the path', fault('badRequest', 400, 'Malformed request url')],
  ])('is asked for by the action where there is no other: %s', async (_name, first) => {
    const { cloud, asked } = await start(consoles(first))
    expect(await cloud.remoteConsole(id)).toBe(serialConsole.console.url)
    expect(asked()).toEqual([remote, action])
  })

  it.each<[string, CannedAnswer, string, number]>([
    ['a missing server', missing, 'server-not-found', 1],
    [
      'a server that is not ready',
      fault('conflictingRequest', 409, `Instance ${id} is not ready`),
      'server-not-ready',
      1,
    ],
    [
      'no serial console here',
      fault('badRequest', 400, 'Unavailable console type serial.'),
      'no-serial-console',
      1,
    ],
    [
      'none with this driver',
      fault('notImplemented', 501, 'The requested functionality is not supported.'),
      'no-serial-console',
      1,
    ],
    [
      'another bad request',
      fault('badRequest', 400, 'Invalid input for field/attribute protocol.'),
      'bad-request',
      1,
    ],
    ['no permission', fault('forbidden', 403, "Policy doesn't allow it."), 'no-permission', 1],
    ['a fault', fault('computeFault', 500, 'Unexpected API Error.'), 'cloud-error', 1],
    [
      'too many',
      {
        status: 413,
        headers: { 'retry-after': '30' },
        body: { overLimit: { code: 413, message: 'slow', retryAfter: '30' } },
      },
      'throttled',
      1,
    ],
    ['an answer that is not as documented', { body: { console: {} } }, 'cloud-error', 1],
  ])('that is refused has its cause: %s', async (_name, first, expected, count) => {
    const { cloud, asked } = await start(consoles(first, { status: 500 }))
    expect(await cause(cloud.remoteConsole(id))).toBe(expected)
    expect(asked()).toHaveLength(count)
  })

  it('that is refused by the older way has its cause, too', async () => {
    for (const [answer, expected] of [
      [missing, 'server-not-found'],
      [fault('badRequest', 400, 'Unavailable console type serial.'), 'no-serial-console'],
      [{ status: 501 }, 'no-serial-console'],
    ] as const) {
      const { cloud, asked } = await start(consoles({ status: 404, body: '' }, answer))
      expect(await cause(cloud.remoteConsole(id))).toBe(expected)
      expect(asked()).toHaveLength(2)
    }
  })
})

describe('power', () => {
  it.each<[PowerAction, unknown]>([
    ['power-on', { 'os-start': null }],
    ['power-off', { 'os-stop': null }],
    ['reboot', { reboot: { type: 'SOFT' } }],
    ['hard-reboot', { reboot: { type: 'HARD' } }],
  ])('%s is sent as documented', async (action, body) => {
    const { cloud, asked } = await start(({ path }) =>
      path.endsWith('/action') ? { status: 202, body: '' } : undefined,
    )
    await cloud.power(id, action)
    expect(asked()).toEqual([
      { method: 'POST', path: `/v2.1/servers/${id}/action`, headers: at('2.98'), body },
    ])
  })

  it('that the cloud refuses says why', async () => {
    const message = `Cannot 'stop' instance ${id} while it is in vm_state stopped`
    const { cloud } = await start(({ path }) =>
      path.endsWith('/action')
        ? { status: 409, body: { conflictingRequest: { code: 409, message } } }
        : undefined,
    )
    const error = await cloud.power(id, 'power-off').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      failure: { cause: 'server-not-ready', detail: expect.stringContaining(message) },
    })
  })
})

describe('the proxy’s own token', () => {
  const reads: Answer = ({ path }) =>
    path.includes('/servers/') ? { body: { server: server298 } } : undefined

  it('is shared by all who wait, and kept', async () => {
    const { cloud, keystone } = await start(reads)
    await Promise.all([cloud.getServer('a'), cloud.getServer('b')])
    await cloud.getServer('c')
    expect(keystone.requests).toHaveLength(1)
  })

  it('is renewed once after a 401', async () => {
    let revoked = false
    const { cloud, keystone, asked } = await start(reads, {
      accepts: (token) => !revoked || token === 'token-2',
    })
    await cloud.getServer(id)
    revoked = true
    await cloud.getServer(id)
    expect(keystone.requests).toHaveLength(2)
    expect(asked().map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('is not renewed for ever', async () => {
    const { cloud, keystone, nova } = await start(reads, { accepts: () => false })
    expect(await cause(cloud.getServer(id))).toBe('signed-out')
    expect(keystone.requests).toHaveLength(2)
    expect(nova.requests).toHaveLength(2)
  })
})

it('several regions are one list, for one token', async () => {
  const clouds = await Promise.all(
    ['a', 'b'].map((name) =>
      startTestCloud(({ path }) =>
        path.endsWith('/') ? { body: version('2.98') } : { body: { servers: [{ ...server298, id: name }] } },
      ),
    ),
  )
  const [one = '', two = ''] = clouds.map(({ endpoint }) => `${endpoint}/v2.1`)
  const keystone = await startTestCloud(() => ({
    status: 201,
    headers: { 'x-subject-token': 't' },
    body: scopedToken({ RegionOne: one, RegionTwo: two, RegionThree: 'http://127.0.0.1:1/v2.1' }),
  }))
  const cloud = openOpenStack(
    {
      name: 'mycloud',
      authUrl: keystone.endpoint,
      interface: 'public',
      regions: ['RegionOne', 'RegionTwo', 'RegionThree'],
      tls: { ca: null, verify: true },
      domain: null,
      own: { credentials: { kind: 'token', token: 't' }, scope: 'own', from: 'the test' },
      timeoutMs: undefined,
    },
    { pause: async () => {} },
  )
  const { servers, missing } = await cloud.listServers()
  expect(servers.map(({ id, region }) => [id, region])).toEqual([
    ['a', 'RegionOne'],
    ['b', 'RegionTwo'],
  ])
  expect(missing.map(({ where, failure }) => [where, failure.cause])).toEqual([
    ['RegionThree', 'cloud-unreachable'],
  ])
  expect(keystone.requests).toHaveLength(1)
})

it('a region that the catalog does not have is told, with its name', async () => {
  const keystone = await startTestCloud(() => ({
    status: 201,
    headers: { 'x-subject-token': 't' },
    body: scopedToken({ RegionOne: 'http://127.0.0.1:1/v2.1' }),
  }))
  const cloud = openOpenStack({
    name: 'test',
    authUrl: keystone.endpoint,
    interface: 'public',
    regions: ['RegionTwo'],
    tls: { ca: null, verify: true },
    domain: null,
    own: { credentials: { kind: 'token', token: 't' }, scope: 'own', from: 'the test' },
    timeoutMs: undefined,
  })
  await expect(cloud.listServers()).rejects.toMatchObject({
    failure: {
      detail: 'The catalog of this project has no public compute endpoint in the region RegionTwo.',
    },
  })
})
