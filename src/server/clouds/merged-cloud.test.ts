import { describe, expect, it } from 'vitest'
import type { Cause } from '../../shared/cause.ts'
import type { Server } from '../../shared/server.ts'
import { nothingAttached } from '../../testing/sign-in/identity.ts'
import { type Cloud, CloudError } from './cloud.ts'
import { toServer } from './huawei/wire.ts'
import { mergeClouds } from './merged-cloud.ts'

const server = (id: string): Server =>
  toServer(
    {
      id,
      name: id,
      status: 'ACTIVE',
      addresses: {},
      flavor: { id: '' },
      metadata: {},
      tags: [],
      locked: false,
    },
    { region: null, project: null },
  )

/** A project with these servers, which keeps a log of what it is asked. */
function project(ids: string[]) {
  const asked: string[] = []
  let failing: Cause | null = null
  let closed = false
  async function ask<T>(what: string, id: string | null, answer: () => T): Promise<T> {
    asked.push(what)
    if (failing) throw new CloudError({ cause: failing })
    if (id !== null && !ids.includes(id)) throw new CloudError({ cause: 'server-not-found' })
    return answer()
  }
  const cloud: Cloud = {
    listServers: () => ask('list', null, () => ({ servers: ids.map(server), missing: [] })),
    getServer: (id) => ask(`get ${id}`, id, () => server(id)),
    attachments: (id) => ask(`attachments ${id}`, id, () => nothingAttached),
    remoteConsole: (id) => ask(`console ${id}`, id, () => `https://gw/${ids[0]}?token=t`),
    power: (id, action) => ask(`${action} ${id}`, id, () => null),
    powerJob: (id, job) => ask(`${job} ${id}`, id, () => ({ state: 'done' })),
    async close() {
      closed = true
    },
  }
  const fail = (cause: Cause | null) => {
    failing = cause
  }
  return { cloud, asked, ids, fail, closed: () => closed }
}

function start() {
  const a = project(['a1', 'a2'])
  const b = project(['b1'])
  const cloud = mergeClouds([
    { where: 'eu-de / team-a', cloud: a.cloud },
    { where: 'eu-nl / team-b', cloud: b.cloud },
  ])
  return { a, b, cloud }
}

const cause = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof CloudError ? error.failure.cause : String(error)),
  )

it('one cloud is itself', () => {
  const { cloud } = project([])
  expect(mergeClouds([{ where: 'here', cloud }])).toBe(cloud)
})

describe('the list', () => {
  it('is all lists in the order of the projects', async () => {
    const { cloud } = start()
    const { servers, missing } = await cloud.listServers()
    expect(servers.map(({ id }) => id)).toEqual(['a1', 'a2', 'b1'])
    expect(missing).toEqual([])
  })

  it('tells which project is missing and why', async () => {
    const { cloud, a } = start()
    a.fail('no-permission')
    const { servers, missing } = await cloud.listServers()
    expect(servers.map(({ id }) => id)).toEqual(['b1'])
    expect(missing).toEqual([{ where: 'eu-de / team-a', failure: { cause: 'no-permission' } }])
  })

  it('fails with the first failure where all fail', async () => {
    const { cloud, a, b } = start()
    a.fail('throttled')
    b.fail('cloud-timeout')
    expect(await cause(cloud.listServers())).toBe('throttled')
  })

  it('does not take a mistake of ours for a project that is missing', async () => {
    const { cloud, a } = start()
    a.cloud.listServers = () => Promise.reject(new TypeError('a mistake'))
    expect(await cause(cloud.listServers())).toBe('TypeError: a mistake')
  })
})

describe('the pages of several projects', () => {
  /** Projects whose lists go on as the test says */
  function listing() {
    const { a, b, cloud } = start()
    const parts = [a, b].map((part) => {
      const told = { page: (_ids: string[], _total: number | null) => {}, end: () => {}, fail: () => {} }
      part.cloud.listServers = ({ onPage } = {}) =>
        new Promise((resolve, reject) => {
          const servers: Server[] = []
          told.page = (ids, total) => {
            const came = ids.map(server)
            servers.push(...came)
            onPage?.({ servers: came, total })
          }
          told.end = () => resolve({ servers, missing: [] })
          told.fail = () => reject(new CloudError({ cause: 'cloud-timeout' }))
        })
      return told
    })
    const pages: [ids: string[], total: number | null][] = []
    const list = cloud.listServers({
      onPage: ({ servers, total }) => pages.push([servers.map(({ id }) => id), total]),
    })
    const [one, other] = parts
    if (!one || !other) throw new Error('two')
    return { a, b, cloud, one, other, pages, list }
  }

  it('are passed on as they come, with a count once all have told theirs', async () => {
    const { one, other, pages, list } = listing()
    other.page(['b1'], 2)
    one.page(['a1'], 2)
    other.page(['b2'], 2)
    one.page(['a2'], null)
    expect(pages).toEqual([
      [['b1'], null],
      [['a1'], 4],
      [['b2'], 4],
      [['a2'], null],
    ])
    one.end()
    other.end()
    expect((await list).servers.map(({ id }) => id)).toEqual(['a1', 'a2', 'b1', 'b2'])
  })

  it('tell where a server is before the list is whole', async () => {
    const { b, cloud, one, other, list } = listing()
    other.page(['b1'], null)
    await cloud.remoteConsole('b1')
    await cloud.attachments('b1')
    expect(b.asked).toEqual(['console b1', 'attachments b1'])
    one.end()
    other.end()
    await list
  })

  it('of a project that fails in the middle are missing at the end, and no longer count', async () => {
    const { one, other, pages, list } = listing()
    one.page(['a1'], 5)
    one.fail()
    await Promise.resolve()
    other.page(['b1'], 2)
    other.page(['b2'], 2)
    other.end()
    expect(await list).toEqual({
      servers: ['b1', 'b2'].map(server),
      missing: [{ where: 'eu-de / team-a', failure: { cause: 'cloud-timeout' } }],
    })
    expect(pages.at(-1)).toEqual([['b2'], 2])
  })
})

describe('a server', () => {
  it('that was listed is asked for where it is, and nowhere else', async () => {
    const { cloud, a, b } = start()
    await cloud.listServers()
    expect(await cloud.remoteConsole('b1')).toBe('https://gw/b1?token=t')
    await cloud.power('b1', 'reboot')
    expect(await cloud.getServer('b1')).toMatchObject({ id: 'b1' })
    expect(a.asked).toEqual(['list'])
    expect(b.asked).toEqual(['list', 'console b1', 'reboot b1', 'get b1'])
  })

  it('that was not listed is looked for in all, once', async () => {
    const { cloud, a, b } = start()
    expect(await cloud.getServer('b1')).toMatchObject({ id: 'b1' })
    await cloud.power('b1', 'power-off')
    expect(a.asked).toEqual(['get b1'])
    expect(b.asked).toEqual(['get b1', 'power-off b1'])
  })

  it('is found while another project fails', async () => {
    const { cloud, a } = start()
    a.fail('cloud-timeout')
    expect(await cloud.remoteConsole('b1')).toBe('https://gw/b1?token=t')
  })

  it('is only not there where every project says so', async () => {
    const { cloud, a, b } = start()
    expect(await cause(cloud.remoteConsole('c1'))).toBe('server-not-found')
    expect([...a.asked, ...b.asked]).toEqual(['get c1', 'get c1'])
    b.fail('no-permission')
    expect(await cause(cloud.getServer('c1'))).toBe('no-permission')
    b.fail(null)
    a.fail('cloud-unreachable')
    expect(await cause(cloud.power('c1', 'power-on'))).toBe('cloud-unreachable')
  })

  it('that moved is found again', async () => {
    const { cloud, a, b } = start()
    await cloud.listServers()
    a.ids.push(...b.ids.splice(0))
    expect(await cause(cloud.getServer('b1'))).toBe('server-not-found')
    expect(await cloud.getServer('b1')).toMatchObject({ id: 'b1' })
  })
})

it('closing closes all', async () => {
  const { cloud, a, b } = start()
  await cloud.close()
  expect([a.closed(), b.closed()]).toEqual([true, true])
})
