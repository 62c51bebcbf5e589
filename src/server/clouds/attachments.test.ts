import { describe, expect, it, onTestFinished } from 'vitest'
import { defaultFleet } from '../../sandbox/fleet.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { paths } from '../../shared/api.ts'
import { ServerAttachments } from '../../shared/server-attachments.ts'
import { testApp } from '../../testing/app.ts'
import { start as startHuawei } from '../../testing/clouds/huawei.ts'
import { projectId as huaweiProject } from '../../testing/clouds/huawei-answers.ts'
import { type Answer, at, cause, id, start } from '../../testing/clouds/openstack.ts'
import { projectId } from '../../testing/clouds/openstack-answers.ts'
import { type CannedAnswer, type RecordedRequest, sent } from '../../testing/clouds/test-cloud.ts'
import { blockStorageBase } from './keystone/catalog.ts'
import { openSandbox } from './sandbox.ts'

/** "Querying NICs Bound to a BMS", with the fields of a card with a driver of its own */
const bmsNics = {
  interfaceAttachments: [
    {
      port_state: 'ACTIVE',
      fixed_ips: [{ subnet_id: 'a5052101-11e1-4f3d-a5fa-f6ba6791219c', ip_address: '192.168.1.147' }],
      net_id: 'ad0fadbf-4bc1-472c-a030-5310e53b3818',
      port_id: 'bb585b04-f2a2-4528-9064-fd0aeb4e15a9',
      mac_addr: 'fa:16:3e:3b:58:fc',
      driver_mode: 'hinic',
      pci_address: '0000:08:00.0',
    },
  ],
}
const bmsVolumes = {
  volumeAttachments: [{ device: '/dev/sdd', id: 'v-1', serverId: 's-1', volumeId: 'v-1' }],
}

/** "Querying Details About a Disk" of EVS, with the fields that are read */
const evsVolume = {
  volume: {
    id: 'v-1',
    name: 'data',
    status: 'in-use',
    size: 400,
    volume_type: 'SSD',
    availability_zone: 'az-1',
    bootable: 'false',
    multiattach: true,
    shareable: 'false',
    metadata: { __system__encrypted: '1', __system__cmkid: 'k-1', hw: 'passthrough' },
  },
}

describe.each(['huawei', 'otc'] as const)('the attachments of a server of %s', (kind) => {
  const base = `/v1/${huaweiProject}/baremetalservers/s-1`
  const begin = (answers: (request: RecordedRequest) => CannedAnswer) =>
    startHuawei(kind, 'eu-de', { HUAWEI_TOKEN: 'MIIDkgYJ', HUAWEI_PROJECT_ID: huaweiProject }, answers)
  const documented = ({ path }: RecordedRequest): CannedAnswer => {
    if (path.includes('/cloudvolumes/')) return { body: evsVolume }
    return { body: path.endsWith('/os-interface') ? bmsNics : bmsVolumes }
  }

  it('are asked for and read as documented', async () => {
    const { cloud, bms, ecs, evs } = await begin(documented)
    expect(await cloud.attachments('s-1')).toEqual({
      nics: {
        known: true,
        items: [
          {
            port: 'bb585b04-f2a2-4528-9064-fd0aeb4e15a9',
            mac: 'fa:16:3e:3b:58:fc',
            network: 'ad0fadbf-4bc1-472c-a030-5310e53b3818',
            state: 'ACTIVE',
            driver: 'hinic',
            pci: '0000:08:00.0',
            addresses: [{ address: '192.168.1.147', subnet: 'a5052101-11e1-4f3d-a5fa-f6ba6791219c' }],
          },
        ],
      },
      volumes: {
        known: true,
        items: [
          {
            id: 'v-1',
            device: '/dev/sdd',
            detail: {
              name: 'data',
              sizeGiB: 400,
              type: 'SSD',
              status: 'in-use',
              zone: 'az-1',
              bootable: false,
              encrypted: true,
              shared: true,
            },
          },
        ],
      },
    })
    expect(evs.requests.map(sent)).toMatchObject([
      { method: 'GET', path: `/v2/${huaweiProject}/cloudvolumes/v-1`, body: '' },
    ])
    expect(bms.requests.map(sent).map(({ method, path, body }) => `${method} ${path}${body}`)).toEqual([
      `GET ${base}/os-interface`,
      `GET ${base}/os-volume_attachments`,
    ])
    expect(ecs.requests).toEqual([])
  })

  it('are told in part where one part is refused, with the permission that is missing', async () => {
    const { cloud } = await begin((request) =>
      request.path.endsWith('/os-interface')
        ? { status: 403, body: { error: { code: 'BMS.0033', message: 'Policy does not allow it.' } } }
        : documented(request),
    )
    expect(await cloud.attachments('s-1')).toMatchObject({
      nics: {
        known: false,
        failure: {
          cause: 'no-permission',
          permission:
            kind === 'otc' ? 'bms:servers:get' : 'bms:servers:showBaremetalServerInterfaceAttachments',
        },
      },
      volumes: { known: true },
    })
  })
})

describe.each([
  [403, { undetailed: { cause: 'no-permission', permission: 'evs:volumes:get' } }],
  // Shared with a project that this one may not see
  [404, {}],
] as const)('where EVS answers %i', (status, more) => {
  it('volumes are told without their detail, with the permission that is missing', async () => {
    const { cloud } = await startHuawei(
      'huawei',
      'eu-de',
      { HUAWEI_TOKEN: 'MIIDkgYJ', HUAWEI_PROJECT_ID: huaweiProject },
      ({ path }) =>
        path.includes('/cloudvolumes/')
          ? { status, body: { error: { code: 'EVS.2059', message: 'No.' } } }
          : { body: path.endsWith('/os-interface') ? bmsNics : bmsVolumes },
    )
    const { volumes, undetailed } = await cloud.attachments('s-1')
    expect(volumes).toEqual({ known: true, items: [{ id: 'v-1', device: '/dev/sdd' }] })
    expect({ ...(undetailed ? { undetailed } : {}) }).toMatchObject(more)
  })
})

describe('the attachments of a server of OpenStack', () => {
  /** Nova's samples for 2.89 and for interfaces, and Cinder's for a volume */
  const nics = {
    interfaceAttachments: [
      {
        fixed_ips: [{ ip_address: '192.168.1.3', subnet_id: 'f8a6e8f8-c2ec-497c-9f23-da9616de54ef' }],
        mac_addr: 'fa:16:3e:4c:2c:30',
        net_id: '3cb9bc59-5699-4588-a4b1-b87f96708bc6',
        port_id: 'ce531f90-199f-48c0-816c-13e38010b442',
        port_state: 'ACTIVE',
        tag: 'public',
      },
    ],
  }
  const volumes = (...ids: string[]) => ({
    volumeAttachments: ids.map((volumeId) => ({
      attachment_id: '979ce4f8-033a-409d-85e6-6b5c0f6a6302',
      bdm_uuid: 'c088db45-92b8-49e8-81e2-a1b77a144b3b',
      delete_on_termination: true,
      device: '/dev/sdc',
      serverId: id,
      tag: 'foo',
      volumeId,
    })),
  })
  const volume = {
    volume: {
      id: 'v-1',
      name: 'vol-002',
      description: null,
      size: 2,
      status: 'in-use',
      volume_type: 'lvmdriver-1',
      availability_zone: 'nova',
      bootable: 'false',
      encrypted: false,
      multiattach: false,
      metadata: { password: 'hunter2' },
    },
  }
  const answers =
    (ids: string[], cinder: Answer = () => ({ body: volume })): Answer =>
    (request, index) => {
      if (request.path.endsWith('/os-interface')) return { body: nics }
      if (request.path.endsWith('/os-volume_attachments')) return { body: volumes(...ids) }
      return request.path.startsWith('/volume/') ? cinder(request, index) : undefined
    }
  const services = { volumev3: `/volume/v3/${projectId}` }

  it('are asked for and read as documented, with the detail of each volume', async () => {
    const { cloud, asked } = await start(answers(['v-1']), { services })
    expect(await cloud.attachments(id)).toEqual({
      nics: {
        known: true,
        items: [
          {
            port: 'ce531f90-199f-48c0-816c-13e38010b442',
            mac: 'fa:16:3e:4c:2c:30',
            network: '3cb9bc59-5699-4588-a4b1-b87f96708bc6',
            state: 'ACTIVE',
            tag: 'public',
            addresses: [{ address: '192.168.1.3', subnet: 'f8a6e8f8-c2ec-497c-9f23-da9616de54ef' }],
          },
        ],
      },
      volumes: {
        known: true,
        items: [
          {
            id: 'v-1',
            device: '/dev/sdc',
            tag: 'foo',
            deletedWithServer: true,
            detail: {
              name: 'vol-002',
              sizeGiB: 2,
              type: 'lvmdriver-1',
              status: 'in-use',
              zone: 'nova',
              bootable: false,
              encrypted: false,
              shared: false,
            },
          },
        ],
      },
    })
    const calls = asked()
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET /v2.1/servers/${id}/os-interface`,
      `GET /v2.1/servers/${id}/os-volume_attachments`,
      `GET /volume/v3/${projectId}/volumes/v-1`,
    ])
    // Nova's microversion says nothing to Cinder.
    expect(calls[0]?.headers).toEqual(at('2.98'))
    expect(calls[2]?.headers).toEqual(at(null))
  })

  it('come without details where the catalog has no Cinder', async () => {
    const { cloud, asked } = await start(answers(['v-1']))
    const told = await cloud.attachments(id)
    expect(told.volumes).toMatchObject({ known: true, items: [{ id: 'v-1' }] })
    expect(told.undetailed).toBeUndefined()
    expect(asked()).toHaveLength(2)
  })

  it('say why there are no details, and stop asking at the first refusal', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `v-${index}`)
    const refused = { status: 403, body: { forbidden: { code: 403, message: "Policy doesn't allow it." } } }
    const { cloud, asked } = await start(
      answers(ids, () => refused),
      { services },
    )
    const told = await cloud.attachments(id)
    expect(told.undetailed).toMatchObject({ cause: 'no-permission', permission: 'volume:get' })
    expect(told.volumes).toMatchObject({ known: true, items: ids.map((volume) => ({ id: volume })) })
    expect(asked().length).toBeLessThanOrEqual(2 + 4)
  })

  it('pass over a volume that Cinder does not show', async () => {
    const { cloud } = await start(
      answers(['v-0', 'v-1'], ({ path }) =>
        path.endsWith('v-0')
          ? { status: 404, body: { itemNotFound: { code: 404, message: 'No.' } } }
          : { body: volume },
      ),
      { services },
    )
    const told = await cloud.attachments(id)
    expect(told.undetailed).toBeUndefined()
    expect(told.volumes).toMatchObject({ items: [{ id: 'v-0' }, { id: 'v-1', detail: { sizeGiB: 2 } }] })
  })

  it('name the policy that is missing', async () => {
    const { cloud } = await start(({ path }) =>
      path.endsWith('/os-volume_attachments') ? { status: 403, body: '' } : { body: nics },
    )
    expect(await cloud.attachments(id)).toMatchObject({
      nics: { known: true },
      volumes: { known: false, failure: { permission: 'os_compute_api:os-volumes-attachments:index' } },
    })
  })

  it('are a failure where neither part is told, or where the server is gone', async () => {
    const forbidden = await start(({ path }) =>
      path.includes('/os-') ? { status: 403, body: '' } : undefined,
    )
    expect(await cause(forbidden.cloud.attachments(id))).toBe('no-permission')
    const gone = await start(({ path }) => (path.endsWith('/os-interface') ? { body: nics } : undefined))
    expect(await cause(gone.cloud.attachments(id))).toBe('server-not-found')
  })

  it('leave out what is not as documented', async () => {
    const odd = { interfaceAttachments: [7, { fixed_ips: 'none', mac_addr: 5, port_state: '\u001b[2J' }] }
    const { cloud } = await start(({ path }) =>
      path.endsWith('/os-interface') ? { body: odd } : { body: { volumeAttachments: {} } },
    )
    expect(await cloud.attachments(id)).toEqual({
      nics: { known: true, items: [{ state: expect.not.stringContaining('\u001b'), addresses: [] }] },
      volumes: { known: true, items: [] },
    })
  })
})

describe('Cinder', () => {
  it.each([
    [{ 'block-storage': 'https://c.test/v3/p' }, 'https://c.test/v3/p'],
    [{ volumev3: 'https://c.test/volume/v3/p/' }, 'https://c.test/volume/v3/p'],
    [{ 'block-storage': 'https://c.test/volume/v3' }, 'https://c.test/volume/v3/p'],
    [{ 'block-store': 'https://c.test/volume' }, 'https://c.test/volume/v3/p'],
    [{ volumev2: 'https://c.test/v2/p', volumev3: 'https://c.test/v3/p' }, 'https://c.test/v3/p'],
    [{ volumev2: 'https://c.test/v2/p' }, 'https://c.test/v2/p'],
    [{ volume: 'https://c.test/v1/p' }, null],
  ])('is found in the catalog: %j', (services, base) => {
    const catalog = Object.entries(services).map(([type, url]) => ({
      type,
      endpoints: [{ interface: 'public', url, region: 'R' }],
    }))
    expect(blockStorageBase(catalog, 'public', 'R', 'p')).toBe(base)
    expect(blockStorageBase(catalog, 'public', 'elsewhere', 'p')).toBeNull()
    expect(blockStorageBase(catalog, 'internal', 'R', 'p')).toBeNull()
  })
})

it.each(['huawei', 'openstack'] as const)('the sandbox tells them as %s does', async (kind) => {
  const [web, db, ...others] = defaultFleet()
  if (!web || !db) throw new Error('the fleet has both')
  const hidden = { ...web, hidden: ['nics'] as const }
  const sandbox = await startSandbox({ allowedOrigins: [], servers: [hidden, db, ...others] })
  onTestFinished(() => sandbox.close())
  const { app } = await testApp({ cloud: openSandbox(sandbox, kind).cloud() })
  const ask = async (server: string) => {
    const { statusCode, json } = await app.inject({
      url: paths.attachments(server),
      headers: { host: 'console.test' },
    })
    expect(statusCode).toBe(200)
    return ServerAttachments.parse(json())
  }
  const told = await ask(db.id)
  expect(told.nics).toMatchObject({
    known: true,
    items: [{ state: 'ACTIVE', mac: expect.any(String), addresses: [{ address: '192.168.10.21' }] }],
  })
  expect(told.volumes).toMatchObject({
    known: true,
    items: [{ device: '/dev/sda' }, { device: '/dev/sdb' }, { device: '/dev/sdc' }],
  })
  const details = told.volumes.known && told.volumes.items.map(({ detail }) => detail)
  expect(details).toMatchObject([
    { name: 'db-fra-01-system', sizeGiB: 80, bootable: true },
    { sizeGiB: 2000, encrypted: true },
    { sizeGiB: 2000, encrypted: true },
  ])
  expect(await ask(web.id)).toMatchObject({
    nics: { known: false, failure: { cause: 'no-permission' } },
    volumes: { known: true, items: [] },
  })
})
