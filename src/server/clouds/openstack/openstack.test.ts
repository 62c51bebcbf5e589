import { describe, expect, it } from 'vitest'
import type { PowerAction } from '../../../shared/server.ts'
import { at, cause, id, start } from '../../../testing/clouds/openstack.ts'
import { flavor, next, projectId, server21, server298 } from '../../../testing/clouds/openstack-answers.ts'
import { startTestCloud } from '../../../testing/clouds/test-cloud.ts'
import type { CloudError } from '../cloud.ts'

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
    [
      { 'OS-EXT-STS:power_state': 0, status: 'SHUTOFF' },
      { power: 'off', status: 'stopped' },
    ],
    [
      { 'OS-EXT-STS:power_state': null, status: 'SHUTOFF' },
      { power: 'off', status: 'stopped' },
    ],
    [
      { 'OS-EXT-STS:power_state': 0, status: 'ACTIVE' },
      { power: 'unknown', status: 'active' },
    ],
    [
      { 'OS-EXT-STS:power_state': 3, status: 'PAUSED' },
      { power: 'unknown', status: 'unknown', cloudStatus: 'PAUSED' },
    ],
    [{ status: 'SHELVED_OFFLOADED' }, { status: 'unknown', cloudStatus: 'SHELVED_OFFLOADED' }],
    [{ status: 'UNKNOWN' }, { status: 'unknown' }],
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

it('a call that the policy forbids names the policy', async () => {
  const { cloud } = await start(() => ({ status: 403, body: '' }))
  const permission = async (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: CloudError) => error.failure.permission,
    )
  expect(await permission(cloud.listServers())).toBe('os_compute_api:servers:detail')
  expect(await permission(cloud.getServer(id))).toBe('os_compute_api:servers:show')
  expect(await permission(cloud.power(id, 'power-on'))).toBe('os_compute_api:servers:start')
  expect(await permission(cloud.power(id, 'power-off'))).toBe('os_compute_api:servers:stop')
  expect(await permission(cloud.power(id, 'hard-reboot'))).toBe('os_compute_api:servers:reboot')
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

  it('shows what was read where a later page fails, and tells the fault', async () => {
    const { cloud } = await start(({ path }) => {
      if (!path.includes('/detail')) return undefined
      const gone = { badRequest: { code: 400, message: 'marker [s1] not found' } }
      return path.includes('marker=')
        ? { status: 400, body: gone }
        : { body: { servers: [{ ...server298, id: 's1' }], servers_links: next('s1') } }
    })
    const { servers, missing } = await cloud.listServers()
    expect(servers.map((server) => server.id)).toEqual(['s1'])
    expect(missing).toMatchObject([
      {
        where: expect.stringMatching(/^RegionOne \/ ./),
        failure: {
          cause: 'list-incomplete',
          detail: 'Page 2 failed (bad-request). The cloud answered HTTP 400: marker [s1] not found',
        },
      },
    ])
  })

  it('passes each page on before it asks for the next one, and what came before a page that fails', async () => {
    const { cloud, asked } = await pages((page) => next(`s${page}`), 3)
    const told: unknown[] = []
    await cloud.listServers({
      onPage: ({ servers, total }) => told.push([asked().length, servers.map((server) => server.id), total]),
    })
    expect(told).toEqual([
      [1, ['s1'], null],
      [2, ['s2'], null],
      [3, ['s3'], null],
    ])
    const failing = await start(({ path }) => {
      if (!path.includes('/detail')) return undefined
      return path.includes('marker=')
        ? { status: 401, body: '' }
        : { body: { servers: [{ ...server298, id: 's1' }], servers_links: next('s1') } }
    })
    const before: string[] = []
    const onPage = ({ servers }: { servers: readonly { id: string }[] }) =>
      void before.push(...servers.map((server) => server.id))
    expect(await cause(failing.cloud.listServers({ onPage }))).toBe('signed-out')
    expect(before).toEqual(['s1'])
  })

  it('is not shown in part where the sign-in ended meanwhile', async () => {
    const { cloud } = await start(({ path }) => {
      if (!path.includes('/detail')) return undefined
      return path.includes('marker=')
        ? { status: 401, body: '' }
        : { body: { servers: [{ ...server298, id: 's1' }], servers_links: next('s1') } }
    })
    expect(await cause(cloud.listServers())).toBe('signed-out')
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

describe('power', () => {
  it.each<[PowerAction, unknown]>([
    ['power-on', { 'os-start': null }],
    ['power-off', { 'os-stop': null }],
    ['reboot', { reboot: { type: 'SOFT' } }],
    ['hard-reboot', { reboot: { type: 'HARD' } }],
    ['nmi', { trigger_crash_dump: null }],
  ])('%s is sent as documented', async (action, body) => {
    const { cloud, asked } = await start(({ path }) =>
      path.endsWith('/action') ? { status: 202, body: '' } : undefined,
    )
    expect(await cloud.power(id, action)).toBeNull()
    expect(asked()).toEqual([
      { method: 'POST', path: `/v2.1/servers/${id}/action`, headers: at('2.98'), body },
    ])
  })

  it('sends no NMI that the cloud is too old for, and names the policy that forbids one', async () => {
    const forbidden = ({ path }: { path: string }) =>
      path.endsWith('/action') ? { status: 403, body: '' } : undefined
    const newer = await start(forbidden)
    await expect(newer.cloud.power(id, 'nmi')).rejects.toMatchObject({
      failure: { cause: 'no-permission', permission: 'os_compute_api:servers:trigger_crash_dump' },
    })
    const older = await start(forbidden, { newest: '2.16' })
    await expect(older.cloud.power(id, 'nmi')).rejects.toMatchObject({
      failure: {
        cause: 'bad-request',
        detail: "An NMI needs Nova's microversion 2.17, and this cloud has 2.16.",
      },
    })
    expect(older.asked()).toEqual([])
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
      failure: { cause: 'server-busy', detail: expect.stringContaining(message) },
    })
  })
})
