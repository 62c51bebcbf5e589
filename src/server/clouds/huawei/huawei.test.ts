import { describe, expect, it } from 'vitest'
import { ImpatientClock } from '../../../testing/clock.ts'
import {
  type CannedAnswer,
  type RecordedRequest,
  startTestCloud,
} from '../../../testing/clouds/test-cloud.ts'
import { issueLink } from '../../consoles/link.ts'
import { createHuaweiCloud, type HuaweiOptions } from './huawei.ts'

const projectId = '0a1b2c3d'
const base = `/v1/${projectId}/baremetalservers`
const wire = (id: string, more: object = {}) => ({ id, name: `name-${id}`, status: 'ACTIVE', ...more })
const consoleAnswer = {
  remote_console: { type: 'serial', protocol: 'serial', url: 'https://gw/serial/?token=t' },
}

async function start(
  answer: (request: RecordedRequest, index: number) => CannedAnswer,
  options: Partial<HuaweiOptions> = {},
) {
  const server = await startTestCloud(answer)
  const clock = new ImpatientClock()
  const cloud = createHuaweiCloud({
    endpoint: server.endpoint,
    projectId,
    auth: { kind: 'token', token: 'given-token' },
    clock,
    ...options,
  })
  return { ...server, cloud, pauses: () => clock.waits }
}

const cause = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: { failure?: { cause: string } }) => error.failure?.cause ?? String(error),
  )

describe('what is sent', () => {
  it('asks for a page by its number from 1, with the documented limit', async () => {
    const { cloud, requests } = await start(() => ({ body: { count: 0, servers: [] } }))
    expect(await cloud.listServers()).toEqual({ servers: [], missing: [] })
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({
      method: 'GET',
      path: `${base}/detail?offset=1&limit=1000`,
      headers: { 'x-auth-token': 'given-token', accept: 'application/json' },
      body: '',
    })
  })

  it('asks for a serial console as documented, and gives the URL as it came', async () => {
    const { cloud, requests } = await start(() => ({ body: consoleAnswer }))
    expect(await cloud.remoteConsole('id/1')).toBe('https://gw/serial/?token=t')
    expect(requests[0]).toMatchObject({ method: 'POST', path: `${base}/id%2F1/remote_console` })
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      remote_console: { protocol: 'serial', type: 'serial' },
    })
  })

  it('does not follow a redirect with its credentials', async () => {
    const other = await startTestCloud(() => ({ body: { server: wire('a') } }))
    const { cloud } = await start(() => ({ status: 307, headers: { location: `${other.endpoint}/x` } }))
    expect(await cause(cloud.getServer('a'))).toBe('cloud-error')
    expect(other.requests).toEqual([])
  })
})

describe('paging', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)
  /** A page as the API cuts it: `offset` is the number of the page. */
  const page = ({ path }: RecordedRequest, all: string[], atMost = 1000) => {
    const query = new URL(path, 'http://cloud').searchParams
    const limit = Math.min(Number(query.get('limit')), atMost)
    const from = (Number(query.get('offset')) - 1) * limit
    return all.slice(from, from + limit).map((id) => wire(id))
  }
  const offsets = (requests: RecordedRequest[]) =>
    requests.map(({ path }) => new URL(path, 'http://cloud').searchParams.get('offset'))
  const listed = async (cloud: { listServers(): Promise<{ servers: { id: string }[] }> }) =>
    (await cloud.listServers()).servers.map(({ id }) => id)

  it.each([0, 1, 2, 3, 4, 5])('merges the pages of %i servers, with or without a count', async (count) => {
    const all = ids(count)
    for (const counted of [{ count }, {}, { count: null }, { count: 'many' }]) {
      const { cloud, requests } = await start(
        (request) => ({ body: { ...counted, servers: page(request, all) } }),
        { pageSize: 2 },
      )
      expect(await listed(cloud)).toEqual(all)
      expect(offsets(requests)).toEqual(requests.map((_, index) => String(index + 1)))
      if (counted.count === count) expect(requests).toHaveLength(Math.max(1, Math.ceil(count / 2)))
    }
  })

  it('shows what was read where a later page fails, and tells the fault', async () => {
    const { cloud } = await start(
      (request, index) =>
        index === 0
          ? { body: { count: 4, servers: page(request, ids(4)) } }
          : { status: 400, body: { error: { code: 'BMS.0001', message: 'No such page.' } } },
      { pageSize: 2 },
    )
    const { servers, missing } = await cloud.listServers()
    expect(servers).toHaveLength(2)
    expect(missing).toMatchObject([{ failure: { cause: 'list-incomplete', code: 'BMS.0001' } }])
  })

  it('goes on by the count where the cloud gives fewer a page than asked for', async () => {
    const { cloud, requests } = await start(
      (request) => ({ body: { count: 5, servers: page(request, ids(5), 2) } }),
      { pageSize: 1000 },
    )
    expect(await listed(cloud)).toEqual(ids(5))
    expect(requests).toHaveLength(3)
  })

  it('shows a server once that moved to the next page meanwhile', async () => {
    const pages = [['a', 'b'], ['b', 'c'], ['d']]
    const { cloud } = await start(
      (_request, index) => ({ body: { count: 4, servers: (pages[index] ?? []).map((id) => wire(id)) } }),
      { pageSize: 2 },
    )
    expect(await listed(cloud)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('ends with a count that is never reached, and with a cloud that ignores the offset', async () => {
    const short = await start((request) => ({ body: { count: 99, servers: page(request, ids(3)) } }), {
      pageSize: 2,
    })
    expect(await listed(short.cloud)).toEqual(ids(3))
    expect(short.requests).toHaveLength(3)
    const same = await start(() => ({ body: { count: 99, servers: [wire('a'), wire('b')] } }), {
      pageSize: 2,
    })
    expect(await listed(same.cloud)).toEqual(['a', 'b'])
    expect(same.requests).toHaveLength(2)
  })

  it('fails as a whole when a page is forbidden: half a list is not for those who may no longer see it', async () => {
    const { cloud } = await start(
      (request, index) =>
        index === 0 ? { body: { count: 3, servers: page(request, ids(3)) } } : { status: 403, body: '' },
      { pageSize: 2 },
    )
    expect(await cause(cloud.listServers())).toBe('no-permission')
  })

  it('passes each page on before it asks for the next one, with the count', async () => {
    const told: [asked: number, ids: string[], total: number | null][] = []
    const passed: unknown[] = []
    const { cloud, requests } = await start(
      (request) => ({ body: { count: 3, servers: page(request, ids(3)) } }),
      { pageSize: 2 },
    )
    const { servers } = await cloud.listServers({
      onPage: ({ servers: came, total }) => {
        told.push([requests.length, came.map(({ id }) => id), total])
        passed.push(...came)
      },
    })
    expect(told).toEqual([
      [1, ['s0', 's1'], 3],
      [2, ['s2'], 3],
    ])
    // The very objects: who has passed them on need not compare them.
    expect(servers.every((server, at) => server === passed[at])).toBe(true)
  })

  it('passes on what came before a page that fails, and before the client is closed', async () => {
    const told: string[] = []
    const onPage = ({ servers }: { servers: readonly { id: string }[] }) =>
      void told.push(...servers.map(({ id }) => id))
    const failing = await start(
      (request, index) =>
        index === 0 ? { body: { count: 3, servers: page(request, ids(3)) } } : { status: 403, body: '' },
      { pageSize: 2 },
    )
    expect(await cause(failing.cloud.listServers({ onPage }))).toBe('no-permission')
    expect(told.splice(0)).toEqual(['s0', 's1'])
    const closing = await start((request) => ({ body: { count: 3, servers: page(request, ids(3)) } }), {
      pageSize: 2,
    })
    const closed = closing.cloud.listServers({
      onPage: (came) => {
        onPage(came)
        void closing.cloud.close()
      },
    })
    expect((await closed).missing).toMatchObject([{ failure: { cause: 'list-incomplete' } }])
    expect(closing.requests).toHaveLength(1)
    expect(told).toEqual(['s0', 's1'])
  })
})

it('a console that is not permitted names the permission', async () => {
  const { cloud } = await start(() => ({ status: 403, body: '' }))
  await expect(cloud.remoteConsole('a')).rejects.toMatchObject({
    failure: { cause: 'no-permission', permission: 'bms:servers:serialConsole' },
  })
})

it.each([
  { status: 409, body: '' },
  { status: 400, body: { error: { code: 'BMS.0036', message: 'The server is powering off.' } } },
])('a power action that the state forbids does not speak of a console: %o', async (answer) => {
  const { cloud } = await start(() => answer)
  expect(await cause(cloud.power('a', 'power-on'))).toBe('server-busy')
})

describe('one retry where nothing was changed', () => {
  const good = { body: { server: wire('a'), ...consoleAnswer } }
  const faults: [string, CannedAnswer, string][] = [
    ['HTTP 500', { status: 500 }, 'cloud-error'],
    ['HTTP 502 in HTML', { status: 502, body: '<html>' }, 'cloud-error'],
    ['a dropped connection', { fault: 'drops' }, 'cloud-unreachable'],
    ['half an answer', { ...good, fault: 'truncates' }, 'cloud-unreachable'],
  ]
  it.each(faults)(
    '%s: a GET is repeated once after a pause, a POST never',
    async (_name, fault, expected) => {
      const once = await start((_request, index) => (index === 0 ? fault : good))
      expect(await once.cloud.getServer('a')).toMatchObject({ id: 'a' })
      expect([once.requests.length, once.pauses()]).toEqual([2, 1])
      const always = await start(() => fault)
      expect(await cause(always.cloud.getServer('a'))).toBe(expected)
      expect([always.requests.length, always.pauses()]).toEqual([2, 1])
      const post = await start(() => fault)
      expect(await cause(post.cloud.remoteConsole('a'))).toBe(expected)
      expect([post.requests.length, post.pauses()]).toEqual([1, 0])
    },
  )

  const final: [string, CannedAnswer, string][] = [
    ['400', { status: 400 }, 'bad-request'],
    ['401', { status: 401 }, 'signed-out'],
    ['403', { status: 403 }, 'no-permission'],
    ['404', { status: 404 }, 'server-not-found'],
    ['409', { status: 409 }, 'server-not-ready'],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '7' } }, 'throttled'],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '7' } }, 'cloud-error'],
    ['200 with no JSON', { body: '<html>signed out?</html>' }, 'cloud-error'],
    ['200 with half a JSON', { body: '{"server":{"id":"a"' }, 'cloud-error'],
    ['200 and empty', { body: '' }, 'cloud-error'],
    ['200 with another thing', { body: { servers: [] } }, 'cloud-error'],
  ]
  it.each(final)('%s is an answer: it is not asked again', async (_name, answer, expected) => {
    const { cloud, requests } = await start(() => answer)
    expect(await cause(cloud.getServer('a'))).toBe(expected)
    expect(await cause(cloud.remoteConsole('a'))).toBe(expected)
    expect(requests).toHaveLength(2)
  })

  it('tells a cloud that is not there, naming its host', async () => {
    const { cloud } = await start(() => good, { endpoint: 'http://127.0.0.1:1' })
    const error = await cloud.getServer('a').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: { cause: 'cloud-unreachable' } })
    expect(String(error)).toContain('127.0.0.1:1')
  })
})

describe('the time limit', () => {
  it.each(['silent', 'stalls'] as const)(
    'ends a call to a cloud that is %s, without a retry',
    async (fault) => {
      const { cloud, requests } = await start(() => ({ body: { server: wire('a') }, fault }), {
        timeoutMs: 100,
      })
      expect(await cause(cloud.getServer('a'))).toBe('cloud-timeout')
      expect(requests).toHaveLength(1)
    },
  )

  it('ends open calls when the client is closed', async () => {
    let asked = () => {}
    const waiting = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { cloud, requests } = await start(() => {
      asked()
      return { fault: 'silent' }
    })
    const open = cause(cloud.getServer('a'))
    await waiting
    await cloud.close()
    expect(await open).toBe('cloud-unreachable')
    expect(requests).toHaveLength(1)
  })
})

it('what a server’s name hides is written out', async () => {
  const hostile = {
    name: 'web\x1b[2J\u202e10-bew',
    tags: ['a=\u2066b'],
    metadata: { image_name: 'Debian\x9b' },
  }
  const { cloud } = await start(() => ({ body: { server: wire('a', hostile) } }))
  expect(await cloud.getServer('a')).toMatchObject({
    name: 'web\\u001b[2J\\u202e10-bew',
    tags: ['a=\\u2066b'],
    os: { image: 'Debian\\u009b' },
  })
})

describe('Windows', () => {
  const issue = async (server: object) => {
    const started = await start(({ method }) => ({ body: method === 'GET' ? { server } : consoleAnswer }))
    const refusal = await cause(issueLink(started.cloud, ['gw'], 'a'))
    return { refusal, posts: started.sent('POST', /./).length }
  }

  it.each([
    { os_type: 'Windows' },
    { 'metering.resourcespeccode': 'physical.s3.large.windows' },
    { os_type: '', 'metering.resourcespeccode': 'physical.s3.large.windows' },
  ])('is refused before a console is asked for: %o', async (metadata) => {
    expect(await issue(wire('a', { metadata }))).toEqual({ refusal: 'unsupported-os', posts: 0 })
  })

  it.each([{ os_type: 'Linux' }, { 'metering.resourcespeccode': 'physical.o2.medium.linux' }, {}])(
    'is not what %o is',
    async (metadata) => {
      expect(await issue(wire('a', { metadata }))).toEqual({ refusal: 'no error', posts: 1 })
    },
  )
})
