import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createHuaweiCloud } from '../server/clouds/huawei/huawei.ts'
import { signRequest } from '../server/clouds/huawei/signer.ts'
import { ManualClock } from '../testing/clock.ts'
import { startSandbox } from './sandbox.ts'
import { refuseSignature } from './signature.ts'

const START = Date.parse('2026-03-04T05:06:07Z')

async function start(options: { signedIn?: boolean } = {}) {
  const clock = new ManualClock(START)
  const sandbox = await startSandbox({
    allowedOrigins: [],
    faultyServers: true,
    bootSpeed: 1_000,
    clock,
  })
  onTestFinished(() => sandbox.close())
  const { credentials, projectId, apiEndpoint } = sandbox
  const send = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(new URL(path, apiEndpoint), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const json: unknown = await response.json()
    return { status: response.status, headers: response.headers, json }
  }
  const signIn = (change: Partial<typeof credentials> = {}, project = projectId) => {
    const { domain, user, password } = { ...credentials, ...change }
    return send('/v3/auth/tokens', {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user, password, domain: { name: domain } } },
        },
        scope: { project: { id: project } },
      },
    })
  }
  const token = options.signedIn === false ? '' : ((await signIn()).headers.get('x-subject-token') ?? '')
  const call = (path: string, body?: unknown) =>
    send(`/v1/${projectId}/${path}`, body, { 'x-auth-token': token })
  const list = async (query: string) => {
    const { status, json } = await call(`baremetalservers/detail?${query}`)
    const { count, servers } = json as { count: number; servers: { id: string; name: string }[] }
    return { status, count, servers, names: servers?.map(({ name }) => name) }
  }
  const idOf = async (name: string) => {
    const server = (await list('limit=1000')).servers.find((each) => each.name === name)
    if (!server) throw new Error(`no server ${name}`)
    return server.id
  }
  return { sandbox, clock, send, signIn, call, list, idOf, wait: (ms: number) => clock.advance(ms) }
}

const serial = { remote_console: { protocol: 'serial', type: 'serial' } }

describe('IAM', () => {
  it('answers 201 with the token in a header and its end in the body', async () => {
    const { signIn } = await start({ signedIn: false })
    const { status, headers, json } = await signIn()
    expect(status).toBe(201)
    expect(headers.get('x-subject-token')).toMatch(/.{20}/)
    expect(json).toMatchObject({
      token: {
        methods: ['password'],
        expires_at: '2026-03-05T05:06:07.000000Z',
      },
    })
    expect(JSON.stringify(json)).not.toContain(headers.get('x-subject-token'))
  })

  it('refuses a wrong user, password, domain or project in its own error shape', async () => {
    const { signIn, send } = await start({ signedIn: false })
    const refused = [
      signIn({ password: 'x' }),
      signIn({ user: 'x' }),
      signIn({ domain: 'x' }),
      signIn({}, 'another-project'),
    ]
    for (const { status, json, headers } of await Promise.all(refused)) {
      expect([status, headers.get('x-subject-token')]).toEqual([401, null])
      expect(json).toEqual({ error: { code: 401, message: expect.any(String), title: 'Unauthorized' } })
    }
    for (const body of [{}, '{"auth":'])
      expect(await send('/v3/auth/tokens', body)).toMatchObject({
        status: 400,
        json: { error: { code: 400, title: 'Bad Request' } },
      })
  })

  it.each(['baremetalservers/detail', 'baremetalservers/x', 'jobs/x'])(
    'is asked for before %s answers, and its token ends after a day',
    async (path) => {
      const { sandbox, send, call, wait } = await start()
      const refused = { status: 401, json: { error_code: 'APIGW.0301', request_id: expect.any(String) } }
      expect(await send(`/v1/${sandbox.projectId}/${path}`)).toMatchObject(refused)
      expect((await call(path)).status).not.toBe(401)
      wait(24 * 3_600_000)
      expect(await call(path)).toMatchObject(refused)
    },
  )
})

describe('the list', () => {
  it('takes the offset as the number of a page, from 1, and counts all', async () => {
    const { list } = await start()
    const all = (await list('offset=1&limit=1000')).names
    expect(all.length).toBeGreaterThan(10)
    const pages = await Promise.all([1, 2, 3].map((page) => list(`offset=${page}&limit=4`)))
    expect(pages.flatMap(({ names }) => names)).toEqual(all.slice(0, 12))
    for (const { count } of pages) expect(count).toBe(all.length)
    expect((await list('offset=99&limit=4')).names).toEqual([])
    expect((await list('')).names).toEqual(all.slice(0, 25))
    expect((await list('name=web-fra')).names).toEqual(['web-fra-01'])
  })

  it.each(['offset=0', 'offset=x', 'limit=0', 'limit=1001'])('refuses %s', async (query) => {
    const { call } = await start()
    expect(await call(`baremetalservers/detail?${query}`)).toMatchObject({
      status: 400,
      json: { error: { code: 'BMS.0001' } },
    })
  })

  it('and the detail have the documented fields of a server', async () => {
    const { call, idOf } = await start()
    const id = await idOf('web-fra-01')
    const { json } = await call(`baremetalservers/${id}`)
    expect(json).toMatchObject({
      server: {
        id,
        status: 'ACTIVE',
        'OS-EXT-STS:power_state': 1,
        'OS-EXT-STS:vm_state': 'active',
        'OS-EXT-STS:task_state': null,
        'OS-EXT-AZ:availability_zone': 'eu-de-01',
        addresses: {
          'b2f1c0de-2f6a-4b0f-8d1b-6f0a55a1c001': expect.arrayContaining([
            expect.objectContaining({ addr: '192.168.10.11', version: 4, 'OS-EXT-IPS:type': 'fixed' }),
            expect.objectContaining({ addr: '203.0.113.11', version: 4, 'OS-EXT-IPS:type': 'floating' }),
            expect.objectContaining({ version: 6 }),
          ]),
        },
        flavor: { id: 'physical.o2.medium', vcpus: '16', ram: '131072', disk: '1800' },
        metadata: { os_type: 'Linux', 'metering.resourcespeccode': 'physical.o2.medium.linux' },
        tags: ['__type_baremetal', 'role=web', 'env=prod'],
        locked: false,
      },
    })
    expect(await call('baremetalservers/nobody')).toMatchObject({
      status: 404,
      json: { itemNotFound: { code: 404 } },
    })
  })
})

describe('remote_console', () => {
  it('gives an http URL with path and token, and another one each time', async () => {
    const { sandbox, call, idOf } = await start()
    const path = `baremetalservers/${await idOf('web-fra-01')}/remote_console`
    const answers = [await call(path, serial), await call(path, serial)]
    for (const [index, { status, json }] of answers.entries()) {
      const url = `http://${sandbox.gatewayHost}/serial/pod01.sandbox-01/?token=${sandbox.issuedTokens[index]}`
      expect([status, json]).toEqual([200, { remote_console: { type: 'serial', protocol: 'serial', url } }])
    }
    expect(new Set(sandbox.issuedTokens).size).toBe(2)
    for (const body of [{}, { remote_console: { protocol: 'vnc', type: 'novnc' } }])
      expect((await call(path, body)).status).toBe(400)
  })

  const faults: [string, number, object][] = [
    [
      'no-permission',
      403,
      { error: { code: 'BMS.0033', message: expect.stringContaining('serialConsole') } },
    ],
    ['not-found', 404, { itemNotFound: { code: 404, message: expect.any(String) } }],
    ['not-ready', 409, { conflictingRequest: { code: 409, message: expect.any(String) } }],
    [
      'throttled',
      429,
      { error_code: 'APIGW.0308', error_msg: expect.any(String), request_id: expect.any(String) },
    ],
    ['signed-out', 401, { error: { code: 'BMS.0032', message: expect.any(String) } }],
    ['erp-win-01', 400, { error: { code: 'BMS.0101', message: expect.stringContaining('Windows') } }],
  ]
  it.each(faults)('fails for %s as documented', async (name, status, body) => {
    const { sandbox, call, idOf } = await start()
    const answer = await call(`baremetalservers/${await idOf(name)}/remote_console`, serial)
    expect([answer.status, answer.json]).toEqual([status, body])
    expect(answer.headers.get('retry-after')).toBe(name === 'throttled' ? '30' : null)
    expect(sandbox.issuedTokens).toEqual([])
  })
})

it('powers a machine off and on, and answers with the job', async () => {
  const { call, idOf, clock } = await start()
  const id = await idOf('web-fra-01')
  const status = async () => (await call(`baremetalservers/${id}`)).json
  const act = async (action: object) => {
    const { json } = await call('baremetalservers/action', action)
    clock.advance(4_000)
    const job = await call(`jobs/${(json as { job_id: string }).job_id}`)
    expect(job.json).toMatchObject({ status: 'SUCCESS' })
  }
  await act({ 'os-stop': { type: 'HARD', servers: [{ id }] } })
  expect(await status()).toMatchObject({ server: { status: 'SHUTOFF', 'OS-EXT-STS:power_state': 4 } })
  await act({ 'os-start': { servers: [{ id }] } })
  expect(await status()).toMatchObject({ server: { status: 'ACTIVE', 'OS-EXT-STS:power_state': 1 } })
})

it('has machines at a shell, if asked, for whoever opens a console first', async () => {
  const sandbox = await startSandbox({ allowedOrigins: [], machinesAt: 'shell' })
  onTestFinished(() => sandbox.close())
  const { apiEndpoint: endpoint, projectId, accessKey } = sandbox
  const cloud = createHuaweiCloud({ endpoint, projectId, auth: { kind: 'aksk', ...accessKey } })
  const server = (await cloud.listServers()).servers.find(({ name }) => name === 'web-fra-01')
  const url = await cloud.remoteConsole(server?.id ?? '')
  const socket = new WebSocket(url.replace('http', 'ws'), 'binary')
  onTestFinished(() => socket.terminate())
  let printed = ''
  socket.on('message', (bytes: Buffer) => {
    printed += bytes.toString()
  })
  await vi.waitFor(() => expect(printed).toMatch(/UEFI[\s\S]* login: root[\s\S]*root@web-fra-01\S*:~# $/))
})

it('makes only machines that boot or idle real, and boots none before its first reader', async () => {
  const simulated = await startSandbox({ allowedOrigins: [] })
  onTestFinished(() => simulated.close())
  expect(simulated.machines).toEqual({ total: 9, real: 0 })
  // The image does not exist, so an attempt to boot it would show.
  const linuxImage = { kernel: '/nowhere/vmlinuz', initrd: '/nowhere/initrd.gz' }
  const real = await startSandbox({ allowedOrigins: [], linuxImage })
  onTestFinished(() => real.close())
  expect(real.machines).toEqual({ total: 9, real: 4 })
})

describe('an access key', () => {
  it('signs in the product itself, for GET with a query and POST with a body; a wrong one is refused', async () => {
    const { sandbox, idOf } = await start()
    const { apiEndpoint: endpoint, projectId, accessKey } = sandbox
    const client = (key: typeof accessKey, now = START) =>
      createHuaweiCloud({
        endpoint,
        projectId,
        auth: { kind: 'aksk', ...key },
        clock: new ManualClock(now),
        pageSize: 4,
      })
    expect((await client(accessKey).listServers()).servers.length).toBeGreaterThan(10)
    expect(await client(accessKey).remoteConsole(await idOf('web-fra-01'))).toContain('?token=')
    const wrong = [
      client({ ...accessKey, secretKey: 'x' }),
      client({ ...accessKey, accessKey: 'AKX' }),
      client(accessKey, START - 16 * 60_000),
    ]
    for (const refused of wrong)
      await expect(refused.listServers()).rejects.toMatchObject({
        failure: { cause: 'signed-out', code: 'APIGW.0301', requestId: expect.any(String) },
      })
  })

  it('covers all of the request: what is changed on the way is refused', () => {
    const key = { accessKey: 'AK', secretKey: 'SK' }
    const target = "/v1/p%C3%A9/a%20b?name=k%C5%AF%C5%88+%2B~*'&b=2&a=1&b=1&empty="
    const url = new URL(target, 'http://bms.test:8080')
    const headers = signRequest(
      { method: 'POST', url, headers: { 'x-project-id': 'p' }, body: '{"a":"—"}' },
      key,
      START,
    )
    const request = { method: 'POST', target, headers, body: '{"a":"—"}' }
    expect(refuseSignature(request, key, START)).toBeNull()
    const { authorization = '' } = headers
    const changed = [
      { ...request, method: 'GET' },
      { ...request, target: target.replace('b=2', 'b=3') },
      { ...request, target: target.replace('/v1/', '/v2/') },
      { ...request, body: '{"a":"-"}' },
      { ...request, headers: { ...headers, host: 'other.test' } },
      { ...request, headers: { ...headers, 'x-project-id': 'q' } },
      { ...request, headers: { ...headers, 'x-sdk-date': '20260304T050608Z' } },
      {
        ...request,
        headers: { ...headers, authorization: authorization.replace(/.$/, (c) => (c === '0' ? '1' : '0')) },
      },
      { ...request, headers: { ...headers, authorization: authorization.replace('host;', '') } },
      { ...request, headers: { ...headers, authorization: 'SDK-HMAC-SHA256 nonsense' } },
      { ...request, headers: {} },
    ]
    for (const each of changed) expect(refuseSignature(each, key, START)).toEqual(expect.any(String))
    expect(refuseSignature(request, { ...key, secretKey: 'SX' }, START)).toBe('verify aksk signature fail')
    expect(refuseSignature(request, key, START + 16 * 60_000)).toBe('signature expired')
  })
})
