import { describe, expect, it } from 'vitest'
import { ImpatientClock } from '../../../testing/clock.ts'
import {
  failure,
  password,
  revoked,
  scopings,
  startIam,
  startOpenStack,
  unauthorised,
} from '../../../testing/clouds/keystone.ts'
import { server298, version } from '../../../testing/clouds/openstack-answers.ts'
import { ours, startTestCloud } from '../../../testing/clouds/test-cloud.ts'
import { huaweiIdentityService } from '../huawei/identity-service.ts'
import { mergeClouds } from '../merged-cloud.ts'

describe('OpenStack’s projects', () => {
  const nova = { One: 'http://one.invalid/v2.1', Two: 'http://two.invalid/v2.1' }

  it('come in each region of the catalog, for one token however many they are', async () => {
    const projects = Array.from({ length: 60 }, (_, index) => `p${index}`)
    const { iam, service } = await startOpenStack({ projects, nova })
    const account = await service.signIn(password)
    const found = await account.projects()
    expect(found).toHaveLength(120)
    expect(found.slice(0, 2)).toEqual([
      { key: 'One/id-p0', name: 'p0', region: 'One' },
      { key: 'Two/id-p0', name: 'p0', region: 'Two' },
    ])
    expect(scopings(iam.requests)).toEqual(['id-p0'])
  })

  it('are shown with what their names hide written out', async () => {
    const { service } = await startOpenStack({ projects: ['a\u202eb'], nova }, ['Two'])
    expect(await (await service.signIn(password)).projects()).toMatchObject([{ name: 'a\\u202eb' }])
  })

  it('come in the regions of the settings, where there are some', async () => {
    const { iam, service } = await startOpenStack({ projects: ['a'], nova }, ['Two'])
    expect(await (await service.signIn(password)).projects()).toEqual([
      { key: 'Two/id-a', name: 'a', region: 'Two' },
    ])
    expect(scopings(iam.requests)).toEqual([])
  })

  it('show the regions though the first project cannot be entered', async () => {
    const { service } = await startOpenStack({
      projects: ['closed', 'open'],
      nova,
      scoping: (project) => (project === 'closed' ? unauthorised : undefined),
    })
    expect(await (await service.signIn(password)).projects()).toHaveLength(4)
  })

  it('are opened with one token each, and closed with it', async () => {
    const clouds = await Promise.all(
      ['One', 'Two'].map((region) =>
        startTestCloud(({ path, headers }) =>
          path.endsWith('/')
            ? { body: version('2.98') }
            : { body: { servers: [{ ...server298, id: `${region} ${headers['x-auth-token']}` }] } },
        ),
      ),
    )
    const [one, two] = clouds.map(({ endpoint }) => `${endpoint}/v2.1`)
    const { iam, service } = await startOpenStack({
      projects: ['a', 'b'],
      nova: { One: one ?? '', Two: two ?? '' },
    })
    const account = await service.signIn(password)
    await account.projects()
    const opened = await account.open(['One/id-a', 'Two/id-a', 'Two/id-b'])
    const cloud = mergeClouds(opened)
    expect(opened.map(({ project, roles }) => [project.id, roles()])).toEqual([
      ['id-a', ['admin']],
      ['id-a', ['admin']],
      ['id-b', ['admin']],
    ])
    const { servers, missing } = await cloud.listServers()
    expect(missing).toEqual([])
    expect(servers.map(({ id, region, project }) => [id, region, project?.name])).toEqual([
      ['One token-of-a', 'One', 'a'],
      ['Two token-of-a', 'Two', 'a'],
      ['Two token-of-b', 'Two', 'b'],
    ])
    expect(scopings(iam.requests)).toEqual(['id-a', 'id-b'])
    await account.close()
    expect(revoked(iam.requests)).toEqual(['token-of-a', 'token-of-b', 'first'])
    expect(await failure(account.projects())).toMatchObject({ cause: 'signed-out' })
  })

  it('that cannot be entered are missing beside those that can', async () => {
    const cloud = await startTestCloud(({ path }) =>
      path.endsWith('/') ? { body: version('2.98') } : { body: { servers: [server298] } },
    )
    const { service } = await startOpenStack({
      projects: ['a', 'b'],
      nova: { One: `${cloud.endpoint}/v2.1` },
      scoping: (project) => (project === 'b' ? unauthorised : undefined),
    })
    const account = await service.signIn(password)
    const opened = await account.open(['One/id-a', 'One/id-b'])
    const { servers, missing } = await mergeClouds(opened).listServers()
    expect(servers).toHaveLength(1)
    expect(missing).toEqual([
      { where: 'One / b', failure: expect.objectContaining({ cause: 'no-permission' }) },
    ])
    expect(await failure(account.open(['One/id-b']))).toMatchObject({ cause: 'no-permission' })
  })

  it('that could not be entered for a while are there afterwards', async () => {
    const nova = await startTestCloud(({ path, headers }) =>
      path.endsWith('/')
        ? { body: version('2.98') }
        : { body: { servers: [{ ...server298, id: headers['x-auth-token'] }] } },
    )
    let away = true
    const { iam, service } = await startOpenStack({
      projects: ['a', 'b'],
      nova: { One: `${nova.endpoint}/v2.1` },
      scoping: (project) => (project === 'b' && away ? { status: 503 } : undefined),
    })
    const account = await service.signIn(password)
    const opened = await account.open(['One/id-a', 'One/id-b'])
    const cloud = mergeClouds(opened)
    const roles = () => opened.map((project) => project.roles())
    expect(roles()).toEqual([['admin'], null])
    expect((await cloud.listServers()).missing.map(({ failure }) => failure.cause)).toEqual(['cloud-error'])
    away = false
    const { servers, missing } = await cloud.listServers()
    expect(servers.map(({ id }) => id)).toEqual(['token-of-a', 'token-of-b'])
    expect(missing).toEqual([])
    expect(roles()).toEqual([['admin'], ['admin']])
    await account.close()
    expect(revoked(iam.requests)).toEqual(['token-of-a', 'token-of-b', 'first'])
  })

  it('of somebody else are refused', async () => {
    const { service } = await startOpenStack({ projects: ['a'], nova })
    const account = await service.signIn(password)
    expect(await failure(account.open(['One/id-z']))).toMatchObject({ cause: 'no-permission' })
  })
})

describe('the end of the user’s own token', () => {
  it('is the end of the sign-in, whatever is asked for', async () => {
    let good = true
    const { service } = await startOpenStack({
      projects: ['a'],
      nova: { One: 'http://one.invalid/' },
      good: () => good,
    })
    const account = await service.signIn(password)
    await account.projects()
    good = false
    expect(await failure(account.projects())).toMatchObject({ cause: 'signed-out' })
    const other = await service.signIn(password)
    expect(await failure(other.open(['One/id-a']))).toMatchObject({ cause: 'signed-out' })
  })

  it('is seen where a project’s token is asked for', async () => {
    let good = true
    const { service } = await startOpenStack({ projects: ['a', 'b'], good: () => good }, ['One'])
    const account = await service.signIn(password)
    await account.projects()
    good = false
    expect(await failure(account.open(['One/id-a', 'One/id-b']))).toMatchObject({ cause: 'signed-out' })
  })

  it('is left to its user where it was pasted', async () => {
    const { iam, service } = await startOpenStack({ projects: ['a', 'b'] }, ['One'])
    const account = await service.signIn({ method: 'token', token: 'token-of-a' })
    await account.open(['One/id-a', 'One/id-b'])
    // The token belongs to the project a itself, so no other was asked for.
    expect(scopings(iam.requests)).toEqual(['id-b'])
    await account.close()
    expect(revoked(iam.requests)).toEqual(['token-of-b'])
  })
})

describe('Huawei Cloud’s projects', () => {
  async function start(projects: string[]) {
    const iam = await startIam({ projects })
    const regions = await Promise.all(
      ['eu-de', 'eu-nl'].map(async (name) => {
        const bms = await startTestCloud(({ headers }) => ({
          body: { count: 1, servers: [{ id: `${name} ${headers['x-auth-token']}`, name: 's' }] },
        }))
        return { name, bms }
      }),
    )
    const service = huaweiIdentityService({
      iamEndpoint: iam.endpoint,
      name: 'test',
      domain: null,
      regions: regions.map(({ name, bms }) => ({
        name,
        iamEndpoint: iam.endpoint,
        bmsEndpoint: bms.endpoint,
        ecsEndpoint: null,
        evsEndpoint: null,
      })),
      clock: new ImpatientClock(),
    })
    return { iam, service, bms: regions.map((region) => region.bms) }
  }

  it('are in the region that their name begins with; others are not offered', async () => {
    const { iam, service } = await start(['eu-de', 'eu-de_team_a', 'eu-nl_team', 'MOS', 'eu-denmark'])
    const account = await service.signIn(password)
    expect(await account.projects()).toEqual([
      { key: 'eu-de/id-eu-de', name: 'eu-de', region: 'eu-de' },
      { key: 'eu-de/id-eu-de_team_a', name: 'eu-de_team_a', region: 'eu-de' },
      { key: 'eu-nl/id-eu-nl_team', name: 'eu-nl_team', region: 'eu-nl' },
    ])
    expect(scopings(iam.requests)).toEqual([])
  })

  it('are opened at the endpoint of their region, with a token of theirs', async () => {
    const { service, bms } = await start(['eu-de_team', 'eu-nl'])
    const account = await service.signIn(password)
    const cloud = mergeClouds(await account.open(['eu-de/id-eu-de_team', 'eu-nl/id-eu-nl']))
    const { servers } = await cloud.listServers()
    expect(servers.map(({ id, region, project }) => [id, region, project])).toEqual([
      ['eu-de token-of-eu-de_team', 'eu-de', { id: 'id-eu-de_team', name: 'eu-de_team' }],
      ['eu-nl token-of-eu-nl', 'eu-nl', { id: 'id-eu-nl', name: 'eu-nl' }],
    ])
    expect(bms.map(({ requests }) => requests.map(ours).map(({ path }) => path))).toEqual([
      ['/v1/id-eu-de_team/baremetalservers/detail?offset=1&limit=1000'],
      ['/v1/id-eu-nl/baremetalservers/detail?offset=1&limit=1000'],
    ])
  })
})
