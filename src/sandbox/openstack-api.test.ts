import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { byPassword, startClient } from '../testing/sandbox-client.ts'
import type { SandboxUser } from './directory.ts'
import type { SandboxOptions } from './sandbox.ts'

/** Signs a user in to a project, with calls to the compute service. */
async function start(
  options: Partial<SandboxOptions> & {
    who?: 'alice' | 'reader' | 'operator'
    project?: 'first' | 'second'
  } = {},
) {
  const { who = 'alice', project = 'first', ...rest } = options
  const client = await startClient({ faultyServers: true, ...rest })
  const { sandbox, auth, send } = client
  const user: SandboxUser = sandbox.users[who]
  const { subject } = await auth('/identity/v3', byPassword(user), {
    project: { id: sandbox.projects[project].id },
  })
  const region = sandbox.regions.find(({ id }) => id === sandbox.projects[project].region)
  const base = `${region?.endpoint}/compute/v2.1`
  const call = (method: string, path: string, more: Record<string, unknown> = {}) =>
    send(method, `${base}${path}`, { 'x-auth-token': subject, ...more })
  const list = async (query = '', more: Record<string, unknown> = {}) => {
    const { json } = await call('GET', `/servers/detail${query}`, more)
    return json as {
      servers: { id: string; name: string }[]
      servers_links?: { rel: string; href: string }[]
    }
  }
  const idOf = async (name: string) => {
    const server = (await list()).servers.find((each) => each.name === name)
    if (!server) throw new Error(`no server ${name}`)
    return server.id
  }
  const at = (version: string) => ({ 'openstack-api-version': `compute ${version}` })
  return { ...client, base, subject, call, list, idOf, at }
}

const fault = (status: number, name: string, message: unknown) => ({
  status,
  json: { [name]: { code: status, message } },
})

describe('the version', () => {
  it.each([96, 1])('is shown to anybody: up to 2.%i', async (maxMicroversion) => {
    const { send, base } = await start({ maxMicroversion })
    for (const path of [base, `${base}/`])
      expect(await send('GET', path)).toMatchObject({
        status: 200,
        json: {
          version: {
            id: 'v2.1',
            links: [
              { rel: 'self', href: `${base}/` },
              { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
            ],
            status: 'CURRENT',
            version: `2.${maxMicroversion}`,
            min_version: '2.1',
          },
        },
      })
  })

  it('that a request wants is in either header, and in the answer', async () => {
    const { call, at } = await start()
    const versionHeaders = async (headers: Record<string, unknown>) => {
      const { headers: answer } = await call('GET', '/servers/detail?limit=1', headers)
      return [
        answer.get('openstack-api-version'),
        answer.get('x-openstack-nova-api-version'),
        answer.get('vary'),
      ]
    }
    const vary = 'OpenStack-API-Version, X-OpenStack-Nova-API-Version'
    expect(await versionHeaders({})).toEqual(['compute 2.1', '2.1', vary])
    expect(await versionHeaders(at('2.47'))).toEqual(['compute 2.47', '2.47', vary])
    expect(await versionHeaders(at('latest'))).toEqual(['compute 2.96', '2.96', vary])
    expect(await versionHeaders({ 'openstack-api-version': 'identity 3.0, compute 2.9' })).toEqual([
      'compute 2.9',
      '2.9',
      vary,
    ])
    expect(await versionHeaders({ 'x-openstack-nova-api-version': '2.8' })).toEqual([
      'compute 2.8',
      '2.8',
      vary,
    ])
  })

  it.each([
    [
      '2.97',
      406,
      'computeFault',
      'Version 2.97 is not supported by the API. Minimum is 2.1 and maximum is 2.96.',
    ],
    [
      '3.0',
      406,
      'computeFault',
      'Version 3.0 is not supported by the API. Minimum is 2.1 and maximum is 2.96.',
    ],
    [
      '2',
      400,
      'badRequest',
      'API Version String 2 is of invalid format. Must be of format MajorNum.MinorNum.',
    ],
  ])('%s is refused', async (version, status, name, message) => {
    const { call, at } = await start()
    expect(await call('GET', '/servers/detail', at(version))).toMatchObject(fault(status, name, message))
  })
})

describe('a token', () => {
  it('that does not exist is refused as by the middleware', async () => {
    const { sandbox, call } = await start()
    for (const token of ['x', '']) {
      const { status, headers, json } = await call('GET', '/servers/detail', { 'x-auth-token': token })
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe(`Keystone uri="${sandbox.apiEndpoint}/identity"`)
      expect(json).toEqual({
        error: {
          code: 401,
          title: 'Unauthorized',
          message: 'The request you have made requires authentication.',
        },
      })
    }
  })

  it('ends, is taken back, and is for a project', async () => {
    const { sandbox, call, auth, send, subject, clock } = await start()
    const unscoped = await auth('/identity/v3', byPassword(sandbox.users.alice))
    expect(await call('GET', '/servers/detail', { 'x-auth-token': unscoped.subject })).toMatchObject(
      fault(403, 'forbidden', "Policy doesn't allow os_compute_api:servers:detail to be performed."),
    )
    const { second } = sandbox.projects
    expect(await call('GET', `/${sandbox.projectId}/servers/detail`)).toMatchObject({ status: 200 })
    expect(await call('GET', `/${second.id}/servers/detail`)).toMatchObject(
      fault(
        400,
        'badRequest',
        `Malformed request URL: URL's project_id '${second.id}' doesn't match Context's project_id '${sandbox.projectId}'`,
      ),
    )
    const again = await auth('/identity/v3', byPassword(sandbox.users.alice), { project: { id: second.id } })
    await send('DELETE', '/identity/v3/auth/tokens', {
      'x-auth-token': again.subject,
      'x-subject-token': again.subject,
    })
    expect(await call('GET', '/servers/detail', { 'x-auth-token': again.subject })).toMatchObject({
      status: 401,
    })
    clock.advance(3_600_000)
    expect(await call('GET', '/servers/detail', { 'x-auth-token': subject })).toMatchObject({ status: 401 })
  })
})

describe('the list', () => {
  it('comes in pages by marker, with a link to the next page while a page is full', async () => {
    const { list, call, base } = await start()
    const all = (await list()).servers.map(({ name }) => name)
    expect(all.length).toBeGreaterThan(10)
    const seen: string[] = []
    let path: string | undefined = '?limit=7'
    while (path) {
      const { servers, servers_links: links } = await list(path)
      seen.push(...servers.map(({ name }) => name))
      const last = servers.at(-1)?.id
      if (servers.length === 7)
        expect(links).toEqual([{ rel: 'next', href: `${base}/servers/detail?limit=7&marker=${last}` }])
      else expect(links).toBeUndefined()
      path = links?.[0]?.href.slice(`${base}/servers/detail`.length)
    }
    expect(seen).toEqual(all)
    expect((await list('?name=web-fra')).servers).toMatchObject([{ name: 'web-fra-01' }])
    expect((await list('?status=shutoff')).servers).toMatchObject([{ name: 'build-fra-02' }])
    expect(await call('GET', '/servers/detail?marker=nobody')).toMatchObject(
      fault(400, 'badRequest', 'marker [nobody] not found'),
    )
    for (const query of ['limit=-1', 'limit=x'])
      expect(await call('GET', `/servers/detail?${query}`)).toMatchObject({ status: 400 })
  })

  it('has the servers of the token’s project in the region', async () => {
    const { sandbox, send, list, call, subject, idOf } = await start({ project: 'second' })
    expect((await list()).servers.map(({ name }) => name)).toEqual([
      'lab-ams-01',
      'lab-ams-02',
      'spare-ams-03',
    ])
    const elsewhere = `${sandbox.regions[0]?.endpoint}/compute/v2.1`
    const asked = await send('GET', `${elsewhere}/servers/detail`, { 'x-auth-token': subject })
    expect(asked).toMatchObject({ status: 200, json: { servers: [] } })
    const id = await idOf('lab-ams-01')
    expect(await call('GET', `/servers/${id}`)).toMatchObject({ status: 200 })
    expect(await send('GET', `${elsewhere}/servers/${id}`, { 'x-auth-token': subject })).toMatchObject(
      fault(404, 'itemNotFound', `Instance ${id} could not be found.`),
    )
  })
})

describe('a server', () => {
  it('has the fields of the first microversion, its flavor by id', async () => {
    const { sandbox, call, idOf, base } = await start()
    const id = await idOf('web-fra-01')
    const { json } = await call('GET', `/servers/${id}`)
    const { server } = json as { server: { flavor: { id: string } } & Record<string, unknown> }
    expect(server).toMatchObject({
      id,
      name: 'web-fra-01',
      status: 'ACTIVE',
      'OS-EXT-STS:power_state': 1,
      'OS-EXT-STS:vm_state': 'active',
      'OS-EXT-STS:task_state': null,
      'OS-EXT-AZ:availability_zone': 'eu-de-01',
      tenant_id: sandbox.projectId,
      addresses: {
        provider: expect.arrayContaining([
          {
            addr: '203.0.113.11',
            version: 4,
            'OS-EXT-IPS:type': 'floating',
            'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:5a:0c:01',
          },
        ]),
      },
      image: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      metadata: {},
      created: '2026-03-02T09:14:07Z',
    })
    expect(Object.keys(server.flavor)).toEqual(['id', 'links'])
    for (const later of ['tags', 'locked', 'description', 'server_groups'])
      expect(server).not.toHaveProperty(later)
    const flavor = await call('GET', `/flavors/${server.flavor.id}`)
    expect(flavor).toMatchObject({
      status: 200,
      json: {
        flavor: {
          id: server.flavor.id,
          name: 'physical.o2.medium',
          vcpus: 16,
          ram: 131_072,
          disk: 1800,
          swap: '',
          links: [{ rel: 'self', href: `${base}/flavors/${server.flavor.id}` }, { rel: 'bookmark' }],
        },
      },
    })
    expect(await call('GET', '/flavors/x')).toMatchObject(
      fault(404, 'itemNotFound', 'Flavor x could not be found.'),
    )
  })

  it('has each field since its microversion', async () => {
    const { call, idOf, at, list } = await start()
    const id = await idOf('web-fra-01')
    const fields = async (version: string) => {
      const { json } = await call('GET', `/servers/${id}`, at(version))
      return (json as { server: Record<string, unknown> }).server
    }
    expect(await fields('2.46')).toMatchObject({
      flavor: { id: expect.any(String) },
      tags: ['role=web', 'env=prod'],
    })
    const embedded = { vcpus: 16, ram: 131_072, disk: 1800, original_name: 'physical.o2.medium' }
    expect((await fields('2.47')).flavor).toMatchObject(embedded)
    expect(await fields('2.47')).not.toHaveProperty('flavor.id')
    const added: [string, string, string][] = [
      ['2.8', '2.9', 'locked'],
      ['2.18', '2.19', 'description'],
      ['2.25', '2.26', 'tags'],
      ['2.62', '2.63', 'trusted_image_certificates'],
      ['2.70', '2.71', 'server_groups'],
      ['2.72', '2.73', 'locked_reason'],
      ['2.89', '2.90', 'OS-EXT-SRV-ATTR:hostname'],
      ['2.95', '2.96', 'pinned_availability_zone'],
    ]
    for (const [before, since, field] of added) {
      expect(Object.keys(await fields(before))).not.toContain(field)
      expect(Object.keys(await fields(since))).toContain(field)
    }
    expect((await list('', at('2.96'))).servers[0]).not.toHaveProperty('server_groups')
  })
})

describe('power', () => {
  const SWITCHED_MS = 4_000

  it('goes off, on and round again; what the state does not allow is a conflict', async () => {
    const { call, idOf, at, clock } = await start()
    const id = await idOf('web-fra-01')
    const act = (body: object) => call('POST', `/servers/${id}/action`, { body })
    const status = async () =>
      ((await call('GET', `/servers/${id}`)).json as { server: { status: string } }).server.status
    const done = { status: 202, json: null }
    const conflict = (action: string, state: string) =>
      fault(409, 'conflictingRequest', `Cannot '${action}' instance ${id} while it is in vm_state ${state}`)
    expect(await act({ 'os-start': null })).toMatchObject(conflict('start', 'active'))
    expect(await act({ 'os-stop': null })).toMatchObject(done)
    expect(await act({ 'os-start': null })).toMatchObject(
      fault(409, 'conflictingRequest', expect.stringContaining('while it is in task_state powering-off')),
    )
    clock.advance(SWITCHED_MS)
    expect(await status()).toBe('SHUTOFF')
    expect(await act({ 'os-stop': null })).toMatchObject(conflict('stop', 'stopped'))
    expect(await act({ reboot: { type: 'SOFT' } })).toMatchObject(conflict('reboot', 'stopped'))
    expect(await act({ 'os-start': null })).toMatchObject(done)
    clock.advance(SWITCHED_MS)
    expect(await status()).toBe('ACTIVE')
    for (const type of ['SOFT', 'HARD']) {
      expect(await act({ reboot: { type } })).toMatchObject(done)
      clock.advance(SWITCHED_MS)
      expect(await status()).toBe('ACTIVE')
    }
    expect(await act({ trigger_crash_dump: null })).toMatchObject(
      fault(400, 'badRequest', 'There is no such action: trigger_crash_dump'),
    )
    const nmi = { body: { trigger_crash_dump: null }, ...at('2.17') }
    expect(await call('POST', `/servers/${id}/action`, nmi)).toMatchObject(done)
    expect(await act({ reboot: { type: 'WARM' } })).toMatchObject(
      fault(
        400,
        'badRequest',
        expect.stringContaining('Invalid input for field/attribute type. Value: WARM.'),
      ),
    )
    expect(await act({ 'os-explode': null })).toMatchObject(
      fault(400, 'badRequest', 'There is no such action: os-explode'),
    )
    expect(await act({})).toMatchObject({ status: 400 })
    const { json } = await call('POST', '/servers/nobody/action', { body: { 'os-start': null } })
    expect(json).toEqual({ itemNotFound: { code: 404, message: 'Instance nobody could not be found.' } })
  })

  it('is not for readers', async () => {
    const { call, idOf } = await start({ who: 'reader' })
    const id = await idOf('web-fra-01')
    for (const [body, policy] of [
      [{ 'os-start': null }, 'servers:start'],
      [{ 'os-stop': null }, 'servers:stop'],
      [{ reboot: { type: 'HARD' } }, 'servers:reboot'],
    ] as const)
      expect(await call('POST', `/servers/${id}/action`, { body })).toMatchObject(
        fault(403, 'forbidden', `Policy doesn't allow os_compute_api:${policy} to be performed.`),
      )
  })
})

describe('a console', () => {
  const remote = { remote_console: { protocol: 'serial', type: 'serial' } }
  const action = { 'os-getSerialConsole': { type: 'serial' } }

  it('is given since 2.6 by remote-consoles, before by an action, and by neither out of its time', async () => {
    const { sandbox, call, idOf, at } = await start()
    const id = await idOf('web-fra-01')
    const gone = fault(404, 'itemNotFound', 'The resource could not be found.')
    const url = (index: number) => `ws://${sandbox.gatewayHost}/?token=${sandbox.issuedTokens[index]}`
    const newer = await call('POST', `/servers/${id}/remote-consoles`, { body: remote, ...at('2.6') })
    expect([newer.status, newer.json]).toEqual([
      200,
      { remote_console: { protocol: 'serial', type: 'serial', url: url(0) } },
    ])
    const legacy = { 'x-openstack-nova-api-version': '2.8' }
    expect(await call('POST', `/servers/${id}/remote-consoles`, { body: remote, ...legacy })).toMatchObject({
      json: { remote_console: { url: url(1) } },
    })
    const older = await call('POST', `/servers/${id}/action`, { body: action })
    expect([older.status, older.json]).toEqual([200, { console: { type: 'serial', url: url(2) } }])
    expect(await call('POST', `/servers/${id}/remote-consoles`, { body: remote })).toMatchObject(gone)
    expect(await call('POST', `/servers/${id}/action`, { body: action, ...at('2.6') })).toMatchObject(gone)
    expect(sandbox.issuedTokens).toHaveLength(3)
  })

  it('of a cloud before 2.6 is given by the action alone', async () => {
    const { call, idOf, at } = await start({ maxMicroversion: 1 })
    const id = await idOf('web-fra-01')
    expect(await call('POST', `/servers/${id}/action`, { body: action })).toMatchObject({ status: 200 })
    expect(
      await call('POST', `/servers/${id}/remote-consoles`, { body: remote, ...at('2.6') }),
    ).toMatchObject(
      fault(
        406,
        'computeFault',
        'Version 2.6 is not supported by the API. Minimum is 2.1 and maximum is 2.1.',
      ),
    )
  })

  it('is behind that URL, at its very path', async () => {
    const { sandbox, clock, call, idOf, at } = await start()
    const { json } = await call('POST', `/servers/${await idOf('backup-ams-01')}/remote-consoles`, {
      body: remote,
      ...at('2.8'),
    })
    const { url } = (json as { remote_console: { url: string } }).remote_console
    const wrong = new WebSocket(url.replace('/?', '/serial/pod01.sandbox-01/?'), ['binary'])
    await once(wrong, 'open')
    clock.advance(80)
    expect(await once(wrong, 'close')).toMatchObject([1006, expect.anything()])
    const socket = new WebSocket(url, ['binary'])
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    socket.send(Buffer.from('\r'))
    expect(String((await once(socket, 'message'))[0])).toBe('\r\n')
    expect(sandbox.gatewayConnections()).toBe(1)
  })

  it('is refused for what is not a serial one', async () => {
    const { call, idOf, at } = await start()
    const path = `/servers/${await idOf('web-fra-01')}/remote-consoles`
    const ask = (protocol: unknown, type: unknown) =>
      call('POST', path, { body: { remote_console: { protocol, type } }, ...at('2.8') })
    const invalid = (start: string) => fault(400, 'badRequest', expect.stringContaining(start))
    expect(await ask('vnc', 'novnc')).toMatchObject(invalid('Unavailable console type novnc.'))
    expect(await ask('serial', 'x')).toMatchObject(
      invalid('Invalid input for field/attribute type. Value: x.'),
    )
    expect(await ask('x', 'serial')).toMatchObject(
      invalid('Invalid input for field/attribute protocol. Value: x.'),
    )
    expect(await call('POST', path, { body: {}, ...at('2.8') })).toMatchObject(invalid(''))
    expect(
      await call('POST', path.replace('remote-consoles', 'action'), { body: { 'os-getSerialConsole': {} } }),
    ).toMatchObject(invalid('Invalid input for field/attribute type.'))
  })

  it.each([
    [
      'no-permission',
      403,
      'forbidden',
      "Policy doesn't allow os_compute_api:os-remote-consoles to be performed.",
    ],
    ['not-found', 404, 'itemNotFound', expect.stringMatching(/^Instance \S+ could not be found\.$/)],
    ['not-ready', 409, 'conflictingRequest', expect.stringMatching(/^Instance \S+ is not ready$/)],
    ['throttled', 429, 'overLimit', expect.any(String)],
    ['signed-out', 401, 'error', 'The request you have made requires authentication.'],
  ])('fails for %s as documented, by either call', async (name, status, fault_, message) => {
    const { sandbox, call, idOf, at } = await start()
    const id = await idOf(name)
    const answers = [
      await call('POST', `/servers/${id}/remote-consoles`, { body: remote, ...at('2.8') }),
      await call('POST', `/servers/${id}/action`, { body: action }),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject(fault(status, fault_, message))
      expect(answer.headers.get('retry-after')).toBe(name === 'throttled' ? '30' : null)
    }
    expect(sandbox.issuedTokens).toEqual([])
  })

  it('is not for readers, and a Windows server has one', async () => {
    const reader = await start({ who: 'reader' })
    const id = await reader.idOf('web-fra-01')
    for (const [path, body, version] of [
      ['remote-consoles', remote, '2.8'],
      ['action', action, '2.1'],
    ] as const)
      expect(
        await reader.call('POST', `/servers/${id}/${path}`, { body, ...reader.at(version) }),
      ).toMatchObject(
        fault(403, 'forbidden', "Policy doesn't allow os_compute_api:os-remote-consoles to be performed."),
      )
    expect(reader.sandbox.issuedTokens).toEqual([])
    const { call, idOf, at } = await start()
    const windows = `/servers/${await idOf('erp-win-01')}/remote-consoles`
    expect(await call('POST', windows, { body: remote, ...at('2.8') })).toMatchObject({ status: 200 })
  })
})
