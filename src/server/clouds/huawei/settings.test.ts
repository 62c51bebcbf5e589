import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../environment.ts'
import { huaweiSettings } from './settings.ts'

const read = (
  env: NodeJS.ProcessEnv,
  kind: 'huawei' | 'otc' = 'huawei',
  credentials: 'needed' | 'not-needed' = 'needed',
) => huaweiSettings(env, { kind, credentials, timeout: undefined })

const key = { HUAWEICLOUD_SDK_AK: 'ak', HUAWEICLOUD_SDK_SK: 'sk' }
const password = { HUAWEI_DOMAIN: 'acme', HUAWEI_USER: 'ops', HUAWEI_PASSWORD: 'not a word' }
const byEndpoint = {
  HUAWEI_BMS_ENDPOINT: 'https://bms.example.com',
  HUAWEI_IAM_ENDPOINT: 'https://iam.example.com',
  HUAWEI_PROJECT_ID: 'p1',
}
const id = '0123456789abcdef0123456789abcdef'

describe('one region', () => {
  it('by its endpoints, as ever', () => {
    const region = {
      name: null,
      bmsEndpoint: 'https://bms.example.com',
      iamEndpoint: 'https://iam.example.com',
      ecsEndpoint: null,
      evsEndpoint: null,
    }
    expect(read({ ...byEndpoint, ...password })).toEqual({
      kind: 'huawei',
      regions: [region],
      own: {
        credentials: { kind: 'password', user: 'ops', domain: 'acme', password: 'not a word' },
        projects: [{ region, project: { id: 'p1' } }],
      },
      domain: 'acme',
      enterpriseProject: null,
      timeoutMs: undefined,
    })
  })

  it('by its endpoints has volumes of EVS where that is named, too', () => {
    const env = { ...byEndpoint, ...key, HUAWEI_EVS_ENDPOINT: 'https://evs.example.com' }
    expect(read(env).regions).toMatchObject([{ evsEndpoint: 'https://evs.example.com' }])
  })

  it('by its endpoints needs IAM only for a password', () => {
    const { HUAWEI_IAM_ENDPOINT: _, ...rest } = byEndpoint
    expect(read({ ...rest, ...key }).regions[0]?.iamEndpoint).toBeNull()
    expect(() => read({ ...rest, ...password })).toThrow(
      /^HUAWEI_IAM_ENDPOINT is missing \(HUAWEI_USER is set\)/,
    )
  })

  it('by its name has the documented endpoints, and its own project', () => {
    expect(read({ ...key, HUAWEI_REGIONS: 'cn-north-4' }).own?.projects).toEqual([
      {
        region: {
          name: 'cn-north-4',
          bmsEndpoint: 'https://bms.cn-north-4.myhuaweicloud.com',
          iamEndpoint: 'https://iam.cn-north-4.myhuaweicloud.com',
          ecsEndpoint: null,
          evsEndpoint: 'https://evs.cn-north-4.myhuaweicloud.com',
        },
        project: { name: 'cn-north-4' },
      },
    ])
  })

  it('and a project by its id', () => {
    for (const name of ['HUAWEI_PROJECT_ID', 'HUAWEICLOUD_SDK_PROJECT_ID']) {
      expect(read({ ...key, HUAWEI_REGIONS: 'cn-north-4', [name]: 'p1' }).own?.projects).toMatchObject([
        { project: { id: 'p1' } },
      ])
    }
  })
})

describe('the endpoints', () => {
  it.each([
    ['huawei', 'eu-west-101', 'https://bms.eu-west-101.myhuaweicloud.eu', null],
    ['otc', 'eu-de', 'https://bms.eu-de.otc.t-systems.com', 'https://ecs.eu-de.otc.t-systems.com'],
    ['otc', 'eu-nl', 'https://bms.eu-nl.otc.t-systems.com', 'https://ecs.eu-nl.otc.t-systems.com'],
    ['otc', 'eu-ch2', 'https://bms.eu-ch2.sc.otc.t-systems.com', 'https://ecs.eu-ch2.sc.otc.t-systems.com'],
  ] as const)('of %s in %s', (kind, region, bmsEndpoint, ecsEndpoint) => {
    const iamEndpoint = bmsEndpoint.replace('bms', region === 'eu-ch2' ? 'iam-pub' : 'iam')
    expect(read({ ...key, HUAWEI_REGIONS: region }, kind).regions).toEqual([
      { name: region, bmsEndpoint, ecsEndpoint, evsEndpoint: bmsEndpoint.replace('bms', 'evs'), iamEndpoint },
    ])
  })

  it('are elsewhere where the variables of the SDKs say so', () => {
    const env = {
      ...key,
      HUAWEI_REGIONS: 'eu-de, eu-nl',
      HUAWEICLOUD_SDK_REGION_BMS_EU_DE: 'https://bms.example.com',
      HUAWEICLOUD_SDK_REGION_ECS_EU_NL: 'ecs.example.com',
      HUAWEICLOUD_SDK_IAM_ENDPOINT: 'iam.example.com:8443',
    }
    expect(read(env, 'otc').regions).toEqual([
      {
        name: 'eu-de',
        bmsEndpoint: 'https://bms.example.com',
        ecsEndpoint: 'https://ecs.eu-de.otc.t-systems.com',
        evsEndpoint: 'https://evs.eu-de.otc.t-systems.com',
        iamEndpoint: 'https://iam.example.com:8443',
      },
      {
        name: 'eu-nl',
        bmsEndpoint: 'https://bms.eu-nl.otc.t-systems.com',
        ecsEndpoint: 'https://ecs.example.com',
        evsEndpoint: 'https://evs.eu-nl.otc.t-systems.com',
        iamEndpoint: 'https://iam.example.com:8443',
      },
    ])
    expect(read({ ...env, HUAWEI_IAM_ENDPOINT: 'https://ours.example.com' }).regions[0]?.iamEndpoint).toBe(
      'https://ours.example.com',
    )
    expect(() => read({ ...env, HUAWEICLOUD_SDK_REGION_BMS_EU_DE: 'ftp://x' }, 'otc')).toThrow(
      /^HUAWEICLOUD_SDK_REGION_BMS_EU_DE is not valid: it must be the endpoint of BMS in eu-de/,
    )
  })
})

describe('several projects', () => {
  it('by region and id, and by names that begin with their region', () => {
    const env = { ...key, HUAWEI_PROJECTS: `eu-de/${id}, eu-de_team-a,eu-nl,eu-nl,eu-nl_x/y` }
    const { own, regions } = read(env, 'otc')
    expect(own?.projects.map(({ region, project }) => [region.name, project])).toEqual([
      ['eu-de', { id }],
      ['eu-de', { name: 'eu-de_team-a' }],
      ['eu-nl', { name: 'eu-nl' }],
      ['eu-nl', { name: 'eu-nl_x/y' }],
    ])
    expect(regions.map(({ name }) => name)).toEqual(['eu-de', 'eu-nl'])
  })

  it('one for each region, where only regions are given', () => {
    const { own } = read({ ...password, HUAWEI_REGIONS: 'cn-north-4,ap-southeast-1,cn-north-4' })
    expect(own?.projects.map(({ project }) => project)).toEqual([
      { name: 'cn-north-4' },
      { name: 'ap-southeast-1' },
    ])
  })
})

describe('where the users sign in', () => {
  it('no credentials are needed: only where that is', () => {
    const env = { HUAWEI_REGIONS: 'eu-de,eu-ch2', HUAWEI_DOMAIN: 'OTC-EU-DE-00000000001000000001' }
    expect(read(env, 'otc', 'not-needed')).toEqual({
      kind: 'otc',
      regions: [
        {
          name: 'eu-de',
          bmsEndpoint: 'https://bms.eu-de.otc.t-systems.com',
          ecsEndpoint: 'https://ecs.eu-de.otc.t-systems.com',
          evsEndpoint: 'https://evs.eu-de.otc.t-systems.com',
          iamEndpoint: 'https://iam.eu-de.otc.t-systems.com',
        },
        {
          name: 'eu-ch2',
          bmsEndpoint: 'https://bms.eu-ch2.sc.otc.t-systems.com',
          ecsEndpoint: 'https://ecs.eu-ch2.sc.otc.t-systems.com',
          evsEndpoint: 'https://evs.eu-ch2.sc.otc.t-systems.com',
          iamEndpoint: 'https://iam-pub.eu-ch2.sc.otc.t-systems.com',
        },
      ],
      own: null,
      domain: 'OTC-EU-DE-00000000001000000001',
      enterpriseProject: null,
      timeoutMs: undefined,
    })
    expect(read(byEndpoint, 'huawei', 'not-needed').regions).toEqual([
      {
        name: null,
        bmsEndpoint: 'https://bms.example.com',
        iamEndpoint: 'https://iam.example.com',
        ecsEndpoint: null,
        evsEndpoint: null,
      },
    ])
  })
})

describe('what is missing is named', () => {
  it.each(['HUAWEI_USER', 'HUAWEI_DOMAIN', 'HUAWEI_PASSWORD', 'HUAWEI_PROJECT_ID', 'HUAWEI_IAM_ENDPOINT'])(
    '%s',
    (name) => {
      expect(() => read({ ...byEndpoint, ...password, [name]: undefined })).toThrow(
        new RegExp(`^${name} is missing`),
      )
    },
  )

  const cases: [string, NodeJS.ProcessEnv][] = [
    ['HUAWEI_REGIONS', key],
    ['HUAWEI_REGIONS', password],
    ['HUAWEICLOUD_SDK_SK', { ...key, HUAWEICLOUD_SDK_SK: undefined }],
    ['HUAWEICLOUD_SDK_AK', { ...key, HUAWEICLOUD_SDK_AK: undefined }],
    ['HUAWEICLOUD_SDK_AK', { ...password, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'st' }],
  ]
  it.each(cases)('%s: %o', (name, env) => {
    expect(() => read(env)).toThrow(new RegExp(`^${name} is missing`))
  })

  it('where the users sign in: the regions, and IAM', () => {
    expect(() => read({}, 'otc', 'not-needed')).toThrow(/^HUAWEI_REGIONS is missing/)
    expect(() => read({ HUAWEI_BMS_ENDPOINT: 'https://b' }, 'huawei', 'not-needed')).toThrow(
      /^HUAWEI_IAM_ENDPOINT is missing/,
    )
  })
})

describe('what contradicts itself is named', () => {
  const region = { HUAWEI_REGIONS: 'eu-de' }
  const cases: [RegExp, NodeJS.ProcessEnv][] = [
    [/^HUAWEICLOUD_SDK_AK and HUAWEI_USER are both set: keep one way to sign in/, { ...key, ...password }],
    [/^HUAWEICLOUD_SDK_AK and HUAWEI_TOKEN are both set/, { ...key, HUAWEI_TOKEN: 't' }],
    [/^HUAWEI_TOKEN and HUAWEI_USER are both set/, { ...password, HUAWEI_TOKEN: 't' }],
    [
      /^HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_CREDENTIALS_FILE are both set/,
      { ...key, HUAWEICLOUD_SDK_CREDENTIALS_FILE: '/x' },
    ],
    [
      /^HUAWEICLOUD_SDK_AK and HUAWEICLOUD_SDK_AK_FILE are both set/,
      { ...key, HUAWEICLOUD_SDK_AK_FILE: '/x' },
    ],
    [/^HUAWEI_REGIONS and HUAWEI_PROJECTS are both set/, { ...key, ...region, HUAWEI_PROJECTS: 'eu-de' }],
    [
      /^HUAWEI_PROJECT_ID and HUAWEI_PROJECTS are both set/,
      { ...key, HUAWEI_PROJECTS: 'eu-de', HUAWEI_PROJECT_ID: 'p' },
    ],
    [/^HUAWEI_BMS_ENDPOINT and HUAWEI_REGIONS are both set/, { ...key, ...byEndpoint, ...region }],
    [
      /^HUAWEI_BMS_ENDPOINT and HUAWEI_PROJECTS are both set/,
      { ...key, ...byEndpoint, HUAWEI_PROJECTS: 'eu-de' },
    ],
    [
      /^HUAWEI_PROJECT_ID belongs to one region, but HUAWEI_REGIONS names several/,
      { ...key, HUAWEI_REGIONS: 'eu-de,eu-nl', HUAWEI_PROJECT_ID: 'p' },
    ],
    [/^HUAWEI_TOKEN covers one project/, { HUAWEI_TOKEN: 't', HUAWEI_REGIONS: 'eu-de,eu-nl' }],
  ]
  it.each(cases)('%s', (message, env) => {
    expect(() => read(env)).toThrow(ConfigError)
    expect(() => read(env)).toThrow(message)
  })

  it('of Open Telekom Cloud: endpoints of its own, and regions that it has not', () => {
    expect(() => read({ ...key, ...byEndpoint }, 'otc')).toThrow(/^HUAWEI_BMS_ENDPOINT is not for /)
    expect(() => read({ ...key, HUAWEI_REGIONS: 'eu-fr' }, 'otc')).toThrow(
      'HUAWEI_REGIONS is not valid: the regions of Open Telekom Cloud are eu-de, eu-nl, eu-ch2',
    )
    expect(() => read({ ...key, HUAWEI_PROJECTS: 'eu-fr_x' }, 'otc')).toThrow(/^HUAWEI_PROJECTS is not valid/)
  })

  it('projects, where the users choose their own', () => {
    expect(() => read({ HUAWEI_PROJECTS: 'eu-de' }, 'otc', 'not-needed')).toThrow(
      /^HUAWEI_PROJECTS is set, but users choose their own: set HUAWEI_REGIONS/,
    )
  })
})

describe('what is wrong is named, without its value', () => {
  it.each([
    ['HUAWEI_REGIONS', 'evil.example#'],
    ['HUAWEI_REGIONS', 'eu-de/../x'],
    ['HUAWEI_REGIONS', ','],
    ['HUAWEI_PROJECTS', 'EU-DE_x'],
    ['HUAWEI_PROJECTS', 'eu-de.evil.example/x'],
    ['HUAWEI_PROJECTS', 'eu-de/a/b'],
    ['HUAWEI_BMS_ENDPOINT', 'bms.elsewhere'],
    ['HUAWEI_IAM_ENDPOINT', 'javascript:x'],
    ['HUAWEICLOUD_SDK_IAM_ENDPOINT', 'ftp://iam.example'],
    ['HUAWEI_ENTERPRISE_PROJECT_ID', 'everything'],
  ])('%s: %s', (name, value) => {
    const env = { ...key, HUAWEI_REGIONS: name === 'HUAWEI_PROJECTS' ? undefined : 'eu-de', [name]: value }
    const attempt = () => read(env)
    expect(attempt).toThrow(new RegExp(`^${name} is not valid: it must be `))
    expect(attempt).not.toThrow(value === ',' ? 'no value' : value)
  })
})
