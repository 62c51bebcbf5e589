import { describe, expect, it } from 'vitest'
import { createHuaweiCloud } from '../server/clouds/huawei/huawei.ts'
import { ManualClock } from '../testing/clock.ts'
import { byPassword, startClient } from '../testing/sandbox-client.ts'
import type { SandboxOptions } from './sandbox.ts'

const serial = { remote_console: { protocol: 'serial', type: 'serial' } }

async function start(
  who: 'alice' | 'reader' | 'operator',
  project: 'first' | 'second',
  options: Partial<SandboxOptions> = {},
) {
  const client = await startClient(options)
  const { sandbox, auth, send } = client
  const { id, region } = sandbox.projects[project]
  const { subject } = await auth('/v3', byPassword(sandbox.users[who]), { project: { id } })
  const endpoint = sandbox.regions.find((each) => each.id === region)?.endpoint ?? ''
  const call = (method: string, path: string, body?: unknown, at = endpoint) =>
    send(method, `${at}${path}`, { 'x-auth-token': subject, ...(body === undefined ? {} : { body }) })
  const list = async (query = '') => {
    const { json } = await call('GET', `/v1/${id}/baremetalservers/detail?limit=100${query}`)
    return (json as { servers: { id: string; name: string; enterprise_project_id: string }[] }).servers
  }
  const idOf = async (name: string) => (await list()).find((each) => each.name === name)?.id ?? ''
  return { ...client, id, endpoint, call, list, idOf }
}

describe('a project', () => {
  it('has its own servers, at its own region’s endpoint, for its own tokens', async () => {
    const { sandbox, call, list, id, idOf } = await start('operator', 'second')
    expect((await list()).map(({ name }) => name)).toEqual(['lab-ams-01', 'lab-ams-02', 'spare-ams-03'])
    const refused = {
      status: 400,
      json: { error: { code: 'Common.0018', message: 'tenantId in token is not the same with in URL.' } },
    }
    const [elsewhere] = sandbox.regions
    const path = `/v1/${id}/baremetalservers/detail`
    expect(await call('GET', path, undefined, elsewhere?.endpoint)).toMatchObject(refused)
    const other = `/v1/${sandbox.projectId}/baremetalservers`
    expect(await call('GET', `${other}/detail`, undefined, elsewhere?.endpoint)).toMatchObject(refused)
    expect(
      await call('GET', `${other}/${await idOf('lab-ams-01')}`, undefined, elsewhere?.endpoint),
    ).toMatchObject(refused)
  })

  it('does not give its servers to another project, even by id', async () => {
    const { sandbox, call, id } = await start('operator', 'second')
    // web-fra-01, of the first project
    const server = '5a1d0c01-7c1e-4b8e-9f53-2f60d1c3b0a9'
    const absent = { status: 404, json: { itemNotFound: { code: 404 } } }
    expect(await call('GET', `/v1/${id}/baremetalservers/${server}`)).toMatchObject(absent)
    expect(await call('POST', `/v1/${id}/baremetalservers/${server}/remote_console`, serial)).toMatchObject(
      absent,
    )
    expect(sandbox.issuedTokens).toEqual([])
  })

  it('groups its servers by enterprise project', async () => {
    const { list } = await start('alice', 'second')
    const groups = new Map((await list()).map((server) => [server.name, server.enterprise_project_id]))
    expect(groups.get('spare-ams-03')).toBe('0')
    const group = groups.get('lab-ams-01')
    expect(group).toMatch(/^[0-9a-f-]{36}$/)
    expect((await list(`&enterprise_project_id=${group}`)).map(({ name }) => name)).toEqual([
      'lab-ams-01',
      'lab-ams-02',
    ])
    expect((await list('&status=SHUTOFF')).map(({ name }) => name)).toEqual(['spare-ams-03'])
  })

  it('takes the same access key in each region', async () => {
    const { sandbox } = await startClient()
    const names = sandbox.regions.map(async ({ endpoint }, index) => {
      const projectId = [sandbox.projects.first, sandbox.projects.second][index]?.id ?? ''
      const auth = { kind: 'aksk', ...sandbox.accessKey } as const
      const cloud = createHuaweiCloud({
        endpoint,
        projectId,
        auth,
        clock: new ManualClock(Date.parse('2026-03-04T05:06:07Z')),
      })
      return (await cloud.listServers()).servers[0]?.name
    })
    expect(await Promise.all(names)).toEqual(['web-fra-01', 'lab-ams-01'])
  })
})

it('a reader sees the servers, and may neither open a console nor power one', async () => {
  const { sandbox, call, id, idOf } = await start('reader', 'first')
  const server = await idOf('web-fra-01')
  const refused = (action: string) => ({
    status: 403,
    json: { error: { code: 'BMS.0033', message: expect.stringContaining(action) } },
  })
  expect(await call('POST', `/v1/${id}/baremetalservers/${server}/remote_console`, serial)).toMatchObject(
    refused('bms:servers:serialConsole'),
  )
  const stop = { 'os-stop': { type: 'HARD', servers: [{ id: server }] } }
  expect(await call('POST', `/v1/${id}/baremetalservers/action`, stop)).toMatchObject(refused('action'))
  expect(await call('GET', `/v1/${id}/baremetalservers/${server}`)).toMatchObject({
    json: { server: { status: 'ACTIVE' } },
  })
  expect(sandbox.issuedTokens).toEqual([])
})

describe('Open Telekom Cloud', () => {
  it('gives the console by native Nova’s action, with IAM’s token', async () => {
    const { sandbox, call, id, idOf } = await start('alice', 'first', { openTelekomCloud: true })
    const action = (server: string) =>
      call('POST', `/v2.1/${id}/servers/${server}/action`, { 'os-getSerialConsole': { type: 'serial' } })
    const server = await idOf('web-fra-01')
    const { status, json, headers } = await action(server)
    expect([status, json]).toEqual([
      200,
      { console: { type: 'serial', url: `http://${sandbox.gatewayHost}/?token=${sandbox.issuedTokens[0]}` } },
    ])
    expect(headers.get('openstack-api-version')).toBeNull()
    expect(await call('POST', `/v1/${id}/baremetalservers/${server}/remote_console`, serial)).toMatchObject({
      status: 404,
      json: { error_code: 'APIGW.0101' },
    })
    expect(await action(await idOf('erp-win-01'))).toMatchObject({
      status: 400,
      json: { badRequest: { message: expect.stringContaining('windows') } },
    })
    expect(
      await call('POST', `/v2.1/${sandbox.projects.second.id}/servers/${server}/action`, {}),
    ).toMatchObject({
      status: 400,
    })
  })

  it('refuses a token in its gateway’s words, and is not there on Huawei Cloud', async () => {
    const path = '/servers/x/action'
    const body = { 'os-getSerialConsole': { type: 'serial' } }
    const { send, id } = await start('alice', 'first', { openTelekomCloud: true })
    expect(await send('POST', `/v2.1/${id}${path}`, { 'x-auth-token': 'x', body })).toMatchObject({
      status: 401,
      json: { error_code: 'APIGW.0301', request_id: expect.any(String) },
    })
    const huawei = await start('alice', 'first')
    expect(await huawei.call('POST', `/v2.1/${id}${path}`, body)).toMatchObject({ status: 404 })
  })
})
