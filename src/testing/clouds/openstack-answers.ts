/**
 * The examples in OpenStack's API references, with their names and values. The catalog is cut down to Nova and
 * Keystone. https://docs.openstack.org/api-ref/identity/v3/ and https://docs.openstack.org/api-ref/compute/
 */

export const projectId = 'a6944d763bf64ee6a275f1263fae0352'
export const userId = 'ee4dfb6e5540447cb3741905149d9b6e'
const user = { domain: { id: 'default', name: 'Default' }, id: userId, name: 'admin' }

const endpoints = (url: string, region: string) =>
  ['admin', 'internal', 'public'].map((kind) => ({
    region_id: region,
    region,
    url: kind === 'public' ? url : `http://${kind}.invalid`,
    interface: kind,
    id: `${kind}-of-${region}`,
  }))

/** "Password authentication with scoped authorization", with Nova where the test has it. */
export const scopedToken = (nova: Record<string, string>, project = projectId, name = 'admin') => ({
  token: {
    methods: ['password'],
    roles: [{ id: '51cc68287d524c759f47c811e6463340', name: 'admin' }],
    expires_at: '2999-11-07T02:58:43.578887Z',
    project: { domain: { id: 'default', name: 'Default' }, id: project, name },
    is_domain: false,
    catalog: [
      {
        endpoints: endpoints('http://example.com/identity', 'RegionOne'),
        type: 'identity',
        id: '050726f278654128aba89757ae25950c',
        name: 'keystone',
      },
      {
        endpoints: endpoints('http://legacy.invalid/v2', 'RegionOne'),
        type: 'compute_legacy',
        id: '1c4bfbabe3b346b1bbe27a4b3258964f',
        name: 'nova_legacy',
      },
      {
        endpoints: Object.entries(nova).flatMap(([region, url]) => endpoints(url, region)),
        type: 'compute',
        id: 'a226b3eeb5594f50bf8b6df94636ed28',
        name: 'nova',
      },
    ],
    user: { ...user, password_expires_at: '2016-11-06T15:32:17.000000' },
    audit_ids: ['3T2dc1CGQxyJsHdDu1xkcw'],
    issued_at: '2015-11-07T01:58:43.578929Z',
  },
})

/** "Password authentication with explicit unscoped authorization" */
export const unscopedToken = {
  token: {
    methods: ['password'],
    expires_at: '2999-11-09T01:42:57.527363Z',
    user: { ...user, password_expires_at: null },
    audit_ids: ['lC2Wj1jbQe-dLjLyOx4qPQ'],
    issued_at: '2015-11-09T00:42:57.527404Z',
  },
}

/** "Multi-Step authentication (2-Factor Password and TOTP example)" */
export const receipt = {
  receipt: {
    expires_at: '2018-07-05T08:39:23.000000Z',
    issued_at: '2018-07-05T08:34:23.000000Z',
    methods: ['password'],
    user,
  },
  required_auth_methods: [['totp', 'password']],
}

/** "Get available project scopes" */
export const projects = {
  projects: [
    {
      domain_id: '1789d1',
      enabled: true,
      id: '263fd9',
      links: { self: 'https://example.com/identity/v3/projects/263fd9' },
      name: 'Test Group',
    },
    {
      domain_id: '1789d1',
      enabled: true,
      id: '50ef01',
      links: { self: 'https://example.com/identity/v3/projects/50ef01' },
      name: 'Build Group',
    },
  ],
  links: { self: 'https://example.com/identity/v3/auth/projects', previous: null, next: null },
}

/** "Show Details of Specific API Version" */
export const version = (newest: string, id = 'v2.1') => ({
  version: {
    id,
    links: [{ href: 'http://openstack.example.com/v2.1/', rel: 'self' }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.compute+json;version=2.1' }],
    status: 'CURRENT',
    version: newest,
    min_version: newest && '2.1',
    updated: '2013-07-23T11:33:21Z',
  },
})

/** "List All Major Versions" */
export const versions = (newest: string) => ({
  versions: [
    {
      id: 'v2.0',
      links: [{ href: 'http://openstack.example.com/v2/', rel: 'self' }],
      status: 'SUPPORTED',
      version: '',
      min_version: '',
      updated: '2011-01-21T11:33:21Z',
    },
    version(newest).version,
  ],
})

const common = {
  accessIPv4: '1.2.3.4',
  accessIPv6: '80fe::',
  addresses: {
    private: [
      {
        addr: '192.168.1.30',
        'OS-EXT-IPS-MAC:mac_addr': '00:0c:29:0d:11:74',
        'OS-EXT-IPS:type': 'fixed',
        version: 4,
      },
    ],
  },
  created: '2013-09-03T04:01:32Z',
  hostId: 'bcf92836fc9ed4203a75cb0337afc7f917d2be504164b995c2334b25',
  id: 'f5dc173b-6804-445a-a6d8-c705dad5b5eb',
  key_name: null,
  metadata: { 'My Server Name': 'Apache1' },
  name: 'new-server-test',
  config_drive: '',
  'OS-DCF:diskConfig': 'AUTO',
  'OS-EXT-AZ:availability_zone': 'us-west',
  'OS-EXT-STS:power_state': 1,
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:vm_state': 'active',
  progress: 0,
  security_groups: [{ name: 'default' }],
  status: 'ACTIVE',
  tenant_id: '6f70656e737461636b20342065766572',
  updated: '2013-09-03T04:01:32Z',
  user_id: 'admin',
}

/** "List Servers Detailed", 2.1 */
export const server21 = {
  ...common,
  flavor: {
    id: '1',
    links: [
      {
        href: 'http://openstack.example.com/6f70656e737461636b20342065766572/flavors/1',
        rel: 'bookmark',
      },
    ],
  },
  image: { id: '70a599e0-31e7-49b7-b260-868f441e862b', links: [] },
}

/** The same since 2.98 */
export const server298 = {
  ...common,
  description: '',
  flavor: {
    disk: 1,
    ephemeral: 0,
    extra_specs: {},
    original_name: 'm1.tiny',
    ram: 512,
    swap: 0,
    vcpus: 1,
  },
  image: {
    id: '70a599e0-31e7-49b7-b260-868f441e862b',
    links: [],
    properties: { architecture: 'x86_64', auto_disk_config: 'True' },
  },
  locked: false,
  locked_reason: '',
  tags: ['rack=7'],
  trusted_image_certificates: null,
}

/** "Show Flavor Details" */
export const flavor = {
  flavor: {
    'OS-FLV-DISABLED:disabled': false,
    disk: 1,
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'os-flavor-access:is_public': true,
    id: '1',
    links: [],
    name: 'm1.tiny',
    ram: 512,
    swap: '',
    vcpus: 1,
    rxtx_factor: 1.0,
  },
}

/** Nova's link to the next page. It names the host that Nova believes to have. */
export const next = (marker: string) => [
  {
    href: `http://openstack.example.com/v2.1/6f70656e737461636b20342065766572/servers/detail?limit=1&marker=${marker}`,
    rel: 'next',
  },
]

const url = 'ws://127.0.0.1:6083/?token=f9906a48-b71e-4f18-baca-c987da3ebdb3'
/** "Create Console" */
export const remoteConsole = { remote_console: { protocol: 'serial', type: 'serial', url } }
/** "Get Serial Console (os-getSerialConsole Action)" */
export const serialConsole = { console: { type: 'serial', url } }
