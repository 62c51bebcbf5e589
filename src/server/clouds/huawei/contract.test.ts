import { describe, expect, it } from 'vitest'
import { refuseSignature } from '../../../sandbox/signature.ts'
import type { PowerAction } from '../../../shared/server.ts'
import { answer, now, start } from '../../../testing/clouds/huawei.ts'
import {
  consoleAnswer,
  jobStatusAnswer,
  novaConsoleAnswer,
  projectId,
  projectsAnswer,
} from '../../../testing/clouds/huawei-answers.ts'
import { sent } from '../../../testing/clouds/test-cloud.ts'

/** From the variables to the bytes: what each cloud is sent, and how its documented answers are read. */

const serverId = '53206ed0-56de-4d6b-b7ee-ffc62ca26f43'
const key = { HUAWEICLOUD_SDK_AK: 'AKEXAMPLE', HUAWEICLOUD_SDK_SK: 'SKEXAMPLE' }

const json = { accept: 'application/json', 'content-type': 'application/json' }
const base = `/v1/${projectId}/baremetalservers`

describe.each(['huawei', 'otc'] as const)('%s', (kind) => {
  const token = { HUAWEI_TOKEN: 'MIIDkgYJ', HUAWEI_PROJECT_ID: projectId }
  const headers = { ...json, 'x-auth-token': 'MIIDkgYJ' }

  it('lists as documented', async () => {
    const { cloud, bms } = await start(kind, 'eu-de', token)
    const { servers, missing } = await cloud.listServers()
    expect(bms.requests.map(sent)).toEqual([
      { method: 'GET', path: `${base}/detail?offset=1&limit=1000`, headers, body: '' },
    ])
    expect(missing).toEqual([])
    expect(servers.map(({ name, status, power }) => [name, status, power])).toEqual([
      ['bms-test1', 'active', 'on'],
      ['bms_test2', 'stopped', 'off'],
    ])
    expect(servers[1]).toEqual({
      id: 'a1541cfc-8ac3-43e9-a70d-b8d4b395b256',
      name: 'bms_test2',
      status: 'stopped',
      power: 'off',
      task: null,
      os: { windowsConsole: false, family: 'unknown', image: null },
      addresses: [{ address: '192.168.1.50', version: 4, kind: 'fixed', mac: 'fa:16:3e:8f:38:2c' }],
      zone: 'az-dc-1',
      flavor: { name: 'physical.s1.medium', vcpus: 32, memoryMiB: 193_047, diskGiB: 9309 },
      tags: ['key1=value1', 'three=3', 'two=2'],
      locked: false,
      region: 'eu-de',
      project: { id: projectId, name: null },
      enterpriseProject: '0',
      created: '2018-08-30T12:40:47Z',
    })
  })

  it.each(['all_granted_eps', '2c7b6d77-9013-4d74-a221-2f612fc56372', '0'])(
    'lists the servers of enterprise project %s',
    async (id) => {
      const { cloud, bms } = await start(kind, 'eu-de', { ...token, HUAWEI_ENTERPRISE_PROJECT_ID: id })
      await cloud.listServers()
      expect(bms.requests[0]?.path).toBe(`${base}/detail?offset=1&limit=1000&enterprise_project_id=${id}`)
    },
  )

  it('asks for one server as documented', async () => {
    const { cloud, bms, ecs, iam } = await start(kind, 'eu-de', token)
    expect(await cloud.getServer(serverId)).toMatchObject({
      // The request by which a person gets a console without us names no credential.
      call: {
        ...(kind === 'huawei'
          ? { api: 'bms', endpoint: bms.endpoint }
          : { api: 'nova-action', endpoint: ecs.endpoint }),
        projectId,
        iam: iam.endpoint,
        region: 'eu-de',
      },
      facts: { plain: { rootDevice: '/dev/sda', hostStatus: 'UP' } },
      id: serverId,
      name: 'bms-test',
      os: { family: 'linux', image: 'redhat_7_2' },
      addresses: [
        { address: '192.168.1.216', kind: 'fixed' },
        { address: '10.154.72.77', kind: 'floating' },
      ],
      enterpriseProject: '2c7b6d77-9013-4d74-a221-2f612fc56372',
    })
    expect(bms.requests.map(sent)).toEqual([
      { method: 'GET', path: `${base}/${serverId}`, headers, body: '' },
    ])
  })

  const power: [PowerAction, string][] = [
    ['power-on', `{"os-start":{"servers":[{"id":"${serverId}"}]}}`],
    ['power-off', `{"os-stop":{"type":"HARD","servers":[{"id":"${serverId}"}]}}`],
    ['reboot', `{"reboot":{"type":"SOFT","servers":[{"id":"${serverId}"}]}}`],
    ['hard-reboot', `{"reboot":{"type":"HARD","servers":[{"id":"${serverId}"}]}}`],
  ]
  it.each(power)('%s as documented, with a job for an answer', async (action, body) => {
    const { cloud, bms } = await start(kind, 'eu-de', token)
    expect(await cloud.power(serverId, action)).toBe('70a599e0-31e7-49b7-b260-868f441e862b')
    expect(bms.requests.map(sent)).toEqual([{ method: 'POST', path: `${base}/action`, headers, body }])
  })

  it('has no NMI, and asks nobody for it', async () => {
    const { cloud, bms } = await start(kind, 'eu-de', token)
    await expect(cloud.power(serverId, 'nmi')).rejects.toMatchObject({ failure: { cause: 'bad-request' } })
    expect(bms.requests).toEqual([])
  })

  it('follows a job as documented', async () => {
    const { cloud, bms } = await start(kind, 'eu-de', token, () => ({ body: jobStatusAnswer }))
    const server = 'bae51750-0089-41a1-9b18-5c777978ff6d'
    expect(await cloud.powerJob(server, '2c9eb2c5544cbf6101544f0602af2b4f')).toEqual({ state: 'done' })
    expect(bms.requests.map(sent)).toEqual([
      {
        method: 'GET',
        path: `/v1/${projectId}/jobs/2c9eb2c5544cbf6101544f0602af2b4f`,
        headers,
        body: '',
      },
    ])
    await expect(cloud.powerJob(serverId, '2c9eb2c5544cbf6101544f0602af2b4f')).rejects.toMatchObject({
      failure: { cause: 'bad-request', detail: 'This job is about another server.' },
    })
  })

  it('does not take another answer for a job', async () => {
    const { cloud } = await start(kind, 'eu-de', token, () => ({ body: {} }))
    await expect(cloud.power(serverId, 'reboot')).rejects.toMatchObject({
      failure: { cause: 'cloud-error', detail: "The cloud's power answer is not as documented." },
    })
  })

  it('finds the project of a region by its name, and signs everything with the access key', async () => {
    const { cloud, bms, iam, ecs } = await start(
      kind,
      'eu-de',
      {
        ...key,
        HUAWEI_PROJECTS: 'eu-de_project',
        HUAWEICLOUD_SDK_SECURITY_TOKEN: 'gQpjbi1ub3J0aC0x',
      },
      (request) => {
        const [project] = projectsAnswer.projects
        return request.path.startsWith('/v3/projects')
          ? { body: { ...projectsAnswer, projects: [{ ...project, name: 'eu-de_project' }] } }
          : answer(request)
      },
    )
    const { servers } = await cloud.listServers()
    await cloud.remoteConsole(serverId)
    const id = 'a4adasfjljaaaakla12334jklga9sasfg'
    expect(servers[0]).toMatchObject({ region: 'eu-de', project: { id, name: 'eu-de_project' } })
    const signed = {
      ...json,
      'x-sdk-date': '20260304T050607Z',
      'x-security-token': 'gQpjbi1ub3J0aC0x',
      authorization: expect.any(String),
    }
    expect(iam.requests.map(sent)).toEqual([
      { method: 'GET', path: '/v3/projects?name=eu-de_project', headers: signed, body: '' },
    ])
    expect(bms.requests.map(sent)[0]).toEqual({
      method: 'GET',
      path: `/v1/${id}/baremetalservers/detail?offset=1&limit=1000`,
      headers: { ...signed, 'x-project-id': id },
      body: '',
    })
    for (const { path, ...request } of [...iam.requests, ...bms.requests, ...ecs.requests]) {
      const accessKey = { accessKey: key.HUAWEICLOUD_SDK_AK, secretKey: key.HUAWEICLOUD_SDK_SK }
      expect(refuseSignature({ ...request, target: path }, accessKey, now)).toBeNull()
      const names = /SignedHeaders=([^,]+)/.exec(String(request.headers.authorization))?.[1]?.split(';')
      expect(names).toEqual(
        [...Object.keys(sent({ ...request, path }).headers), 'host']
          .filter((name) => name !== 'authorization')
          .sort(),
      )
    }
  })

  it('asks for a token of the project by name, and takes the id from the answer', async () => {
    const { cloud, bms, iam } = await start(kind, 'eu-de', {
      HUAWEI_DOMAIN: 'domain A',
      HUAWEI_USER: 'user A',
      HUAWEI_PASSWORD: 'pässword',
      HUAWEI_PROJECTS: 'eu-de_team-a',
    })
    expect(await cloud.getServer(serverId)).toMatchObject({
      region: 'eu-de',
      project: { id: projectId, name: 'eu-de_team-a' },
    })
    expect(iam.requests.map(sent)).toEqual([
      {
        method: 'POST',
        path: '/v3/auth/tokens',
        headers: { 'content-type': 'application/json', accept: '*/*' },
        body: '{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"user A","password":"pässword","domain":{"name":"domain A"}}}},"scope":{"project":{"name":"eu-de_team-a"}}}}',
      },
    ])
    expect(bms.requests.map(sent)).toEqual([
      {
        method: 'GET',
        path: `${base}/${serverId}`,
        headers: { ...json, 'x-auth-token': 'MIIDkgYJKoZIhvcN' },
        body: '',
      },
    ])
  })
})

describe('the console', () => {
  const token = { HUAWEI_TOKEN: 'MIIDkgYJ', HUAWEI_PROJECT_ID: projectId }

  it('of Huawei Cloud comes from BMS', async () => {
    const { cloud, bms, ecs } = await start('huawei', 'cn-north-4', token)
    expect(await cloud.remoteConsole(serverId)).toBe(consoleAnswer.remote_console.url)
    expect(bms.requests.map(sent)).toEqual([
      {
        method: 'POST',
        path: `${base}/${serverId}/remote_console`,
        headers: { ...json, 'x-auth-token': 'MIIDkgYJ' },
        body: '{"remote_console":{"protocol":"serial","type":"serial"}}',
      },
    ])
    expect(ecs.requests).toEqual([])
  })

  it('of Open Telekom Cloud comes from Nova, at the endpoint of ECS', async () => {
    const { cloud, bms, ecs } = await start('otc', 'eu-de', token)
    expect(await cloud.remoteConsole(serverId)).toBe(novaConsoleAnswer.console.url)
    expect(ecs.requests.map(sent)).toEqual([
      {
        method: 'POST',
        path: `/v2.1/${projectId}/servers/${serverId}/action`,
        headers: { ...json, 'x-auth-token': 'MIIDkgYJ' },
        body: '{"os-getSerialConsole":{"type":"serial"}}',
      },
    ])
    expect(bms.requests).toEqual([])
  })

  it('for Windows is refused with the documented code', async () => {
    const { cloud } = await start('huawei', 'cn-north-4', token, () => ({
      status: 400,
      body: {
        error: {
          code: 'BMS.0395',
          message: `The server[${serverId}] is windows system and cannot support remote login.`,
        },
      },
    }))
    await expect(cloud.remoteConsole(serverId)).rejects.toMatchObject({
      failure: { cause: 'unsupported-os', code: 'BMS.0395' },
    })
  })
})
