import { describe, expect, it } from 'vitest'
import { ServerFacts } from '../../shared/server-facts.ts'
import { detailAnswer, listAnswer } from '../../testing/clouds/huawei-answers.ts'
import { server21, server298 } from '../../testing/clouds/openstack-answers.ts'
import * as huawei from './huawei/wire.ts'
import * as openstack from './openstack/wire.ts'

const huaweiFacts = (more: object = {}) => {
  const { server } = huawei.WireDetail.parse({ server: { ...detailAnswer.server, ...more } })
  return ServerFacts.parse(huawei.toFacts(server))
}
const novaFacts = (wire: object) => {
  const { server } = openstack.WireDetail.parse({ server: wire })
  return ServerFacts.parse(openstack.toFacts(server, null))
}

describe('the facts of a BMS', () => {
  it('are those of the documented answer', () => {
    expect(huaweiFacts()).toEqual({
      plain: {
        description: 'bms-6e18',
        hostname: 'bms-6e18',
        updated: '2018-09-18T09:29:44Z',
        launched: '2018-09-18T02:46:07.954587Z',
        vmState: 'active',
        imageId: '8589958c-6bc7-40c6-b81b-3fe4cd2e3d85',
        flavorId: 'physical.o2.medium',
        rootDevice: '/dev/sda',
        diskConfig: 'MANUAL',
        hostStatus: 'UP',
        host: 'bms.dc1',
        hostId: 'cd243addb5d2c64e89218180b7a3ed95abe6882e81c337cc563137df',
        hypervisor: 'nova002@2',
        instance: 'instance-00154f94',
        reservation: 'r-08tuyo8v',
        launchIndex: '0',
        user: '3fc5ab2b0c544979abcaafd86edd80e6',
      },
      securityGroups: [],
      serverGroups: [],
      certificates: [],
      disks: [],
      nics: [
        {
          network: '5849fdf1-9d79-4589-80c2-fe557990c417',
          mac: 'fa:16:3e:25:56:c3',
          port: '9e62503b-094e-4c6e-bc95-f10bbfb455d5',
          addresses: [
            { address: '192.168.1.216', version: 4, kind: 'fixed' },
            { address: '10.154.72.77', version: 4, kind: 'floating' },
          ],
        },
      ],
      metadata: Object.entries(detailAnswer.server.metadata).map(([key, value]) => ({ key, value })),
      extraSpecs: [],
      schedulerHints: [],
      systemTags: [{ key: '_sys_enterprise_project_id', value: '2c7b6d77-9013-4d74-a221-2f612fc56372' }],
    })
  })

  it('have the key pair, the disks, the groups and the hints of the documented tables', () => {
    const facts = huaweiFacts({
      key_name: listAnswer.servers[0]?.key_name,
      'os-extended-volumes:volumes_attached': [
        { id: 'v1', device: '/dev/sda', bootIndex: '0', delete_on_termination: 'true' },
        { id: 'v2', device: '/dev/sdb', bootIndex: '1', delete_on_termination: 'false' },
        { id: 'v3' },
      ],
      security_groups: [{ name: 'web', id: 'g1' }, { name: 'default' }],
      'os:scheduler_hints': { dec_baremetal: ['share'] },
      'OS-EXT-STS:task_state': 'rebuilding',
    })
    expect(facts.plain).toMatchObject({ keyPair: '$key_name', taskState: 'rebuilding' })
    expect(facts.disks).toEqual([
      { id: 'v1', device: '/dev/sda', boot: true, deletedWithServer: true },
      { id: 'v2', device: '/dev/sdb', boot: false, deletedWithServer: false },
      { id: 'v3' },
    ])
    expect(facts.securityGroups).toEqual([{ name: 'web', id: 'g1' }, { name: 'default' }])
    expect(facts.schedulerHints).toEqual([{ key: 'dec_baremetal', value: '["share"]' }])
  })

  it('have the fault in its own words', () => {
    const fault = {
      message: 'No valid host',
      code: 500,
      details: 'line 1\nline 2',
      created: '2019-05-22T03:30:52Z',
    }
    expect(huaweiFacts({ fault }).fault).toEqual({
      message: 'No valid host',
      code: 500,
      details: 'line 1\nline 2',
      at: '2019-05-22T03:30:52Z',
    })
  })
})

describe('the facts of Nova’s server', () => {
  it('are those of the documented answer', () => {
    const { plain, ...facts } = novaFacts(server298)
    expect(plain).toEqual({
      updated: '2013-09-03T04:01:32Z',
      vmState: 'active',
      imageId: '70a599e0-31e7-49b7-b260-868f441e862b',
      diskConfig: 'AUTO',
      hostId: 'bcf92836fc9ed4203a75cb0337afc7f917d2be504164b995c2334b25',
      accessIPv4: '1.2.3.4',
      accessIPv6: '80fe::',
      user: 'admin',
    })
    expect(facts).toMatchObject({
      securityGroups: [{ name: 'default' }],
      disks: [],
      nics: [
        {
          network: 'private',
          mac: '00:0c:29:0d:11:74',
          addresses: [{ address: '192.168.1.30', version: 4, kind: 'fixed' }],
        },
      ],
      metadata: [{ key: 'My Server Name', value: 'Apache1' }],
    })
  })

  it('have what later microversions and administrators get', () => {
    const facts = novaFacts({
      ...server21,
      locked_reason: 'Firmware update',
      pinned_availability_zone: 'us-west',
      host_status: 'MAINTENANCE',
      server_groups: ['g1'],
      trusted_image_certificates: ['c1'],
      'os-extended-volumes:volumes_attached': [{ id: 'v1', delete_on_termination: true }],
      flavor: { original_name: 'metal', extra_specs: { 'resources:CUSTOM_BAREMETAL': '1' } },
    })
    expect(facts.plain).toMatchObject({
      lockedReason: 'Firmware update',
      pinnedZone: 'us-west',
      hostStatus: 'MAINTENANCE',
    })
    expect(facts).toMatchObject({
      serverGroups: ['g1'],
      certificates: ['c1'],
      disks: [{ id: 'v1', deletedWithServer: true }],
      extraSpecs: [{ key: 'resources:CUSTOM_BAREMETAL', value: '1' }],
    })
  })
})

describe('a secret', () => {
  it('in user data or behind a key that names it never leaves the server', () => {
    const facts = huaweiFacts({
      'OS-EXT-SRV-ATTR:user_data': 'c2VjcmV0',
      adminPass: 'hunter2',
      metadata: { root_password: 'hunter2', api_token: 'hunter2', UserData: 'hunter2', role: 'web' },
    })
    expect(JSON.stringify(facts)).not.toMatch(/hunter2|c2VjcmV0/)
    expect(facts.metadata).toEqual([
      { key: 'root_password', value: null },
      { key: 'api_token', value: null },
      { key: 'UserData', value: null },
      { key: 'role', value: 'web' },
    ])
  })
})

describe('an answer that is odd', () => {
  it('costs a fact and no more', () => {
    const facts = huaweiFacts({
      description: 7,
      fault: 'broken',
      security_groups: 'none',
      'os-extended-volumes:volumes_attached': [null, { id: 7 }, { id: 'v1', device: {} }],
      'os:scheduler_hints': null,
      sys_tags: {},
    })
    expect(facts.plain.description).toBeUndefined()
    expect(facts).toMatchObject({
      securityGroups: [],
      disks: [{ id: 'v1' }],
      schedulerHints: [],
      systemTags: [],
    })
    expect(facts.fault).toBeUndefined()
  })

  it('is bounded, and hides nothing', () => {
    const facts = huaweiFacts({
      description: `\u202egnp.exe\u001b[2J${'x'.repeat(10_000)}`,
      metadata: Object.fromEntries(
        Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 'x'.repeat(5_000)]),
      ),
      fault: { message: 'm', details: 'y'.repeat(1_000_000) },
    })
    expect(facts.plain.description).toMatch(/^\\u202egnp\.exe\\u001b\[2Jx+…$/)
    expect(JSON.stringify(facts).length).toBeLessThan(300_000)
  })
})
