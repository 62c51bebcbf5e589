/**
 * The examples in the references of Huawei Cloud and Open Telekom Cloud, word for word.
 * https://docs.otc.t-systems.com/bare-metal-server/api-ref/ and https://support.huaweicloud.com/intl/en-us/api-bms/
 */

export const projectId = 'bbf1946d374b44a0a2a95533562ba954'

/** "Querying Details About BMSs" */
export const listAnswer = {
  count: 2,
  servers: [
    {
      id: 'b544be62-1b3b-4982-ad98-572b002ac23b',
      name: 'bms-test1',
      addresses: {
        '5849fdf1-9d79-4589-80c2-fe557990c417': [
          {
            version: '4',
            addr: '192.168.1.63',
            'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:3a:8d:f1',
            'OS-EXT-IPS:port_id': 'c79d2813-94c9-4135-973e-cbf5d23e78e6',
            'OS-EXT-IPS:type': 'fixed',
          },
        ],
      },
      flavor: {
        disk: '9309',
        vcpus: '32',
        ram: '193047',
        id: 'physical.s1.medium.ondemand',
        name: 'physical.s1.medium.ondemand',
      },
      accessIPv4: '',
      accessIPv6: '',
      status: 'ACTIVE',
      progress: 0,
      hostId: 'cd243addb5d2c64e89218180b7a3ed95abe6882e81c337cc563137df',
      updated: '2018-09-10T01:20:58Z',
      created: '2018-09-06T09:29:27Z',
      metadata: {
        baremetalPortIDList: '[c79d2813-94c9-4135-973e-cbf5d23e78e6]',
        chargingMode: '0',
      },
      tags: ['__type_baremetal'],
      description: 'bms-test1',
      locked: false,
      config_drive: '',
      tenant_id: 'bbf1946d374b44a0a2a95533562ba954',
      user_id: '0c50494c5816425eb05c40b5e81ab65a',
      key_name: '$key_name',
      'OS-EXT-STS:power_state': 1,
      'OS-EXT-STS:vm_state': 'active',
      'OS-EXT-SRV-ATTR:host': 'bms.dc1',
      'OS-EXT-SRV-ATTR:instance_name': 'instance-0014bdc2',
      'OS-EXT-SRV-ATTR:hypervisor_hostname': 'nova002@2',
      'OS-DCF:diskConfig': 'MANUAL',
      'OS-EXT-AZ:availability_zone': 'az-dc-1',
      'os:scheduler_hints': {},
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
      'OS-EXT-SRV-ATTR:ramdisk_id': '',
      enterprise_project_id: '0',
      'OS-SRV-USG:launched_at': '2018-09-06T09:30:36.000000',
      'OS-EXT-SRV-ATTR:kernel_id': '',
      'OS-EXT-SRV-ATTR:launch_index': 0,
      host_status: 'UP',
      'OS-EXT-SRV-ATTR:reservation_id': 'r-qjad3fv0',
      'OS-EXT-SRV-ATTR:hostname': 'bms-test1',
      sys_tags: [
        {
          key: '_sys_enterprise_project_id',
          value: '0',
        },
      ],
    },
    {
      id: 'a1541cfc-8ac3-43e9-a70d-b8d4b395b256',
      name: 'bms_test2',
      addresses: {
        '5849fdf1-9d79-4589-80c2-fe557990c417': [
          {
            version: '4',
            addr: '192.168.1.50',
            'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:8f:38:2c',
            'OS-EXT-IPS:port_id': '460aa585-9f83-4719-9527-fc39ebaca9aa',
            'OS-EXT-IPS:type': 'fixed',
          },
        ],
      },
      flavor: {
        disk: '9309',
        vcpus: '32',
        ram: '193047',
        id: 'physical.s1.medium',
        name: 'physical.s1.medium',
      },
      accessIPv4: '',
      accessIPv6: '',
      status: 'SHUTOFF',
      hostId: 'cd243addb5d2c64e89218180b7a3ed95abe6882e81c337cc563137df',
      updated: '2018-09-06T10:00:25Z',
      created: '2018-08-30T12:40:47Z',
      metadata: {
        'metering.order_id': 'CS18083020422CNV9',
        baremetalPortIDList: '[460aa585-9f83-4719-9527-fc39ebaca9aa]',
        'metering.product_id': '00301-167001-0--0',
        chargingMode: '1',
      },
      tags: [
        '__type_baremetal',
        '_sys_enterprise_project_id=9dd1131d-71fd-40fe-8f14-3fe6b6b5ef8b',
        'key1=value1',
        'three=3',
        'two=2',
      ],
      description: 'bms_test2',
      locked: false,
      config_drive: '',
      tenant_id: 'bbf1946d374b44a0a2a95533562ba954',
      user_id: '3fc5ab2b0c544979abcaafd86edd80e6',
      key_name: '$key_name',
      'OS-EXT-STS:power_state': 4,
      'OS-EXT-STS:vm_state': 'stopped',
      'OS-EXT-SRV-ATTR:host': 'bms.dc1',
      'OS-EXT-SRV-ATTR:instance_name': 'instance-0014581b',
      'OS-EXT-SRV-ATTR:hypervisor_hostname': 'nova002@2',
      'OS-DCF:diskConfig': 'MANUAL',
      'OS-EXT-AZ:availability_zone': 'az-dc-1',
      'os:scheduler_hints': {},
      'OS-EXT-SRV-ATTR:root_device_name': '/dev/vda',
      'OS-EXT-SRV-ATTR:ramdisk_id': '',
      enterprise_project_id: '0',
      'OS-SRV-USG:launched_at': '2018-08-30T12:42:10.000000',
      'OS-EXT-SRV-ATTR:kernel_id': '',
      'OS-EXT-SRV-ATTR:launch_index': 0,
      host_status: 'UP',
      'OS-EXT-SRV-ATTR:reservation_id': 'r-i5w3yc9a',
      'OS-EXT-SRV-ATTR:hostname': 'bms-test2',
      sys_tags: [
        {
          key: '_sys_enterprise_project_id',
          value: '0',
        },
      ],
    },
  ],
}

/** "Querying Details About a BMS" */
export const detailAnswer = {
  server: {
    id: '53206ed0-56de-4d6b-b7ee-ffc62ca26f43',
    name: 'bms-test',
    addresses: {
      '5849fdf1-9d79-4589-80c2-fe557990c417': [
        {
          version: '4',
          addr: '192.168.1.216',
          'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:25:56:c3',
          'OS-EXT-IPS:port_id': '9e62503b-094e-4c6e-bc95-f10bbfb455d5',
          'OS-EXT-IPS:type': 'fixed',
        },
        {
          version: '4',
          addr: '10.154.72.77',
          'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:25:56:c3',
          'OS-EXT-IPS:port_id': '9e62503b-094e-4c6e-bc95-f10bbfb455d5',
          'OS-EXT-IPS:type': 'floating',
        },
      ],
    },
    flavor: {
      disk: '9309',
      vcpus: '32',
      ram: '193047',
      id: 'physical.o2.medium',
      name: 'physical.o2.medium',
    },
    accessIPv4: '',
    accessIPv6: '',
    status: 'ACTIVE',
    progress: 0,
    hostId: 'cd243addb5d2c64e89218180b7a3ed95abe6882e81c337cc563137df',
    updated: '2018-09-18T09:29:44Z',
    created: '2018-09-18T02:43:26Z',
    metadata: {
      'metering.order_id': 'CS1809181040HCFC2',
      'metering.image_id': '8589958c-6bc7-40c6-b81b-3fe4cd2e3d85',
      baremetalPortIDList: '[9e62503b-094e-4c6e-bc95-f10bbfb455d5]',
      'metering.resourcespeccode': 'physical.o2.medium.linux',
      image_name: 'redhat_7_2',
      op_svc_userid: '745973c535ec4d4caba86f6f9419ff6d',
      'metering.resourcetype': '__type_baremetal',
      'metering.product_id': '00301-74069-0--0',
      os_bit: '64',
      vpc_id: '5849fdf1-9d79-4589-80c2-fe557990c417',
      os_type: 'Linux',
      chargingMode: '1',
    },
    tags: ['__type_baremetal'],
    description: 'bms-6e18',
    locked: false,
    image: {
      id: '8589958c-6bc7-40c6-b81b-3fe4cd2e3d85',
    },
    config_drive: '',
    tenant_id: 'bbf1946d374b44a0a2a95533562ba954',
    user_id: '3fc5ab2b0c544979abcaafd86edd80e6',
    'OS-EXT-STS:power_state': 1,
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-SRV-ATTR:host': 'bms.dc1',
    'OS-EXT-SRV-ATTR:instance_name': 'instance-00154f94',
    'OS-EXT-SRV-ATTR:hypervisor_hostname': 'nova002@2',
    'OS-DCF:diskConfig': 'MANUAL',
    'OS-EXT-AZ:availability_zone': 'az-dc-1',
    'os:scheduler_hints': {},
    'OS-EXT-SRV-ATTR:root_device_name': '/dev/sda',
    'OS-EXT-SRV-ATTR:ramdisk_id': '',
    enterprise_project_id: '2c7b6d77-9013-4d74-a221-2f612fc56372',
    'OS-EXT-SRV-ATTR:user_data': '$USER_DATA',
    'OS-SRV-USG:launched_at': '2018-09-18T02:46:07.954587',
    'OS-EXT-SRV-ATTR:kernel_id': '',
    'OS-EXT-SRV-ATTR:launch_index': 0,
    host_status: 'UP',
    'OS-EXT-SRV-ATTR:reservation_id': 'r-08tuyo8v',
    'OS-EXT-SRV-ATTR:hostname': 'bms-6e18',
    sys_tags: [
      {
        key: '_sys_enterprise_project_id',
        value: '2c7b6d77-9013-4d74-a221-2f612fc56372',
      },
    ],
  },
}

/** "Starting BMSs", "Stopping BMSs", "Restarting BMSs" */
export const jobAnswer = { job_id: '70a599e0-31e7-49b7-b260-868f441e862b' }

/** "Querying Task Statuses" */
export const jobStatusAnswer = {
  status: 'SUCCESS',
  entities: {
    sub_jobs_total: 1,
    sub_jobs: [
      {
        status: 'SUCCESS',
        entities: { server_id: 'bae51750-0089-41a1-9b18-5c777978ff6d' },
        job_id: '2c9eb2c5544cbf6101544f0635672b60',
        job_type: 'baremetalSingleCreate',
        begin_time: '2019-04-25T20:04:47.591Z',
        end_time: '2019-04-25T20:08:21.328Z',
        error_code: null,
        fail_reason: null,
      },
    ],
  },
  job_id: '2c9eb2c5544cbf6101544f0602af2b4f',
  job_type: 'baremetalBatchCreate',
  begin_time: '2019-04-25T20:04:34.604Z',
  end_time: '2019-04-25T20:08:41.593Z',
  error_code: null,
  fail_reason: null,
}

/** "Obtaining the Address for Remotely Logging In to a BMS" of Huawei Cloud; only the token is ours. */
export const consoleAnswer = {
  remote_console: {
    type: 'serial',
    protocol: 'serial',
    url: 'https://console.domainname.com:443/serial/pod05ironic.region-01/?token=11111111-2222-4333-8444-555555555555',
  },
}

/** "Obtaining a Remote Login Address" of Open Telekom Cloud */
export const novaConsoleAnswer = {
  console: {
    url: 'https://baremetal-consoleproxy.az1.dc1.domainname.com:8003/?token=040134bb-9195-4029-9a62-550bce390258',
    type: 'serial',
  },
}

/** "Obtaining a Project ID" */
export const projectsAnswer = {
  projects: [
    {
      domain_id: '65ewtrgaggshhk1223245sghjlse684b',
      is_domain: false,
      parent_id: '65ewtrgaggshhk1223245sghjlse684b',
      name: 'project_name',
      description: '',
      links: {
        next: null,
        previous: null,
        self: 'https://www.example.com/v3/projects/a4adasfjljaaaakla12334jklga9sasfg',
      },
      id: 'a4adasfjljaaaakla12334jklga9sasfg',
      enabled: true,
    },
  ],
  links: {
    next: null,
    previous: null,
    self: 'https://www.example.com/v3/projects',
  },
}

/** "Obtaining a User Token", of a project instead of a domain; the ids are ours. */
export const tokenBody = {
  token: {
    methods: ['password'],
    expires_at: '2999-11-09T01:42:57.527363Z',
    issued_at: '2015-11-09T00:42:57.527404Z',
    user: {
      domain: { id: 'ded485def148s4e7d2se41d5se', name: 'domain A' },
      id: 'ee4dfb6e5540447cb37419051',
      name: 'user A',
      password_expires_at: '2016-11-06T15:32:17.000000',
    },
    project: {
      name: 'eu-de_team-a',
      id: projectId,
      domain: { name: 'domain A', id: 'dod4ed5e8d4e8d2e8e8d5d2d' },
    },
    catalog: [],
    roles: [
      { name: 'role1', id: 'roleid1' },
      { name: 'role2', id: 'roleid2' },
    ],
  },
}
