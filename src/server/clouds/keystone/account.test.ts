import { describe, expect, it } from 'vitest'
import type { IamCredentials } from '../../../shared/sign-in.ts'
import { CloudError } from '../cloud.ts'
import { huaweiIdentityService } from '../huawei/identity-service.ts'
import type { IdentityService } from '../identity-service.ts'
import { scopedToken, server298, unscopedToken, userId, version } from '../openstack/documented.ts'
import { openStackIdentityService } from '../openstack/identity-service.ts'
import { type CannedAnswer, ours, type RecordedRequest, startTestCloud } from '../test-cloud.ts'

interface Options {
  projects: string[]
  /** Keystone's answer to the wish for a project's token, where it is not the token. */
  scoping?: (project: string) => CannedAnswer | undefined
  /** Its answer to the first of all. */
  signIn?: () => CannedAnswer
  /** Whether the user's own token is good. */
  good?: () => boolean
  /** Nova's regions; none: the service is Huawei's. */
  nova?: Record<string, string>
}

const unauthorised: CannedAnswer = {
  status: 401,
  body: {
    error: {
      code: 401,
      message: 'The request you have made requires authentication.',
      title: 'Unauthorized',
    },
  },
}

/** An IAM whose projects have their names as ids: `token-of-<project>` is what it gives for one. */
async function startIam({ projects, scoping, signIn, good = () => true, nova = {} }: Options) {
  return startTestCloud(({ method, path, body, headers }) => {
    const self = String(headers['x-auth-token'] ?? '')
    if (path === '/v3/auth/projects') {
      if (!good()) return unauthorised
      return { body: { projects: projects.map((name) => ({ id: `id-${name}`, name, enabled: true })) } }
    }
    if (method === 'DELETE') return { status: 204, body: '' }
    if (method === 'GET') {
      if (!good()) return unauthorised
      if (!self.startsWith('token-of-')) return { body: unscopedToken }
      return { body: scopedToken(nova, `id-${self.slice('token-of-'.length)}`) }
    }
    const { auth } = JSON.parse(body)
    if (!auth.identity.methods.includes('token')) {
      return signIn?.() ?? { status: 201, headers: { 'x-subject-token': 'first' }, body: unscopedToken }
    }
    if (!good()) return unauthorised
    const { id } = auth.scope.project
    const name = id.slice('id-'.length)
    return (
      scoping?.(name) ?? {
        status: 201,
        headers: { 'x-subject-token': `token-of-${name}` },
        body: scopedToken(nova, id, name),
      }
    )
  })
}

const password: IamCredentials = { method: 'password', domain: 'acme', user: 'ops', password: 's3cret' }
const pause = async () => {}

async function startOpenStack(options: Options, regions: string[] = []) {
  const iam = await startIam(options)
  const service = openStackIdentityService({
    authUrl: iam.endpoint,
    name: 'test',
    domain: 'Default',
    interface: 'public',
    regions,
    pause,
  })
  return { iam, service }
}

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof CloudError)) throw new Error('a CloudError was expected')
  return error.failure
}

const scopings = (requests: RecordedRequest[]) =>
  requests
    .filter(({ method, body }) => method === 'POST' && body.includes('"token"'))
    .map(({ body }) => JSON.parse(body).auth.scope.project.id)
const revoked = (requests: RecordedRequest[]) =>
  requests.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers['x-subject-token'])

describe('signing in', () => {
  const bodyOf = ({ body }: RecordedRequest) => JSON.parse(body).auth
  const huawei = (iamEndpoint: string): IdentityService =>
    huaweiIdentityService({ iamEndpoint, name: 'test', domain: null, regions: [], pause })

  it('with a password is unscoped in OpenStack, and scoped to the account in Huawei Cloud', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    const account = await service.signIn(password)
    expect(account.user).toEqual({ id: `iam:default/${userId}`, name: 'admin' })
    expect(account.expiresAt).toBe(Date.parse('2999-11-09T01:42:57.527Z'))
    await huawei(iam.endpoint).signIn(password)
    const identity = {
      methods: ['password'],
      password: { user: { name: 'ops', password: 's3cret', domain: { name: 'acme' } } },
    }
    expect(iam.requests.map(bodyOf)).toEqual([
      { identity, scope: 'unscoped' },
      { identity, scope: { domain: { name: 'acme' } } },
    ])
  })

  it('with a code names the user as the person did: by name or by id', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    await service.signIn({ ...password, code: '012345' })
    await service.signIn({ ...password, user: userId, code: '012345' })
    expect(iam.requests.map((request) => bodyOf(request).identity)).toEqual([
      {
        methods: ['password', 'totp'],
        password: { user: { name: 'ops', domain: { name: 'acme' }, password: 's3cret' } },
        totp: { user: { name: 'ops', domain: { name: 'acme' }, passcode: '012345' } },
      },
      {
        methods: ['password', 'totp'],
        password: { user: { id: userId, password: 's3cret' } },
        totp: { user: { id: userId, passcode: '012345' } },
      },
    ])
  })

  it('with a token asks the token', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    expect((await service.signIn({ method: 'token', token: 'pasted' })).user.id).toBe(`iam:default/${userId}`)
    expect(iam.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v3/auth/tokens'])
  })

  const mfa = {
    status: 401,
    body: { error: { code: 401, message: 'mfa totp code verify fail', title: 'Unauthorized' } },
  }
  it.each<[string, CannedAnswer, IamCredentials, string]>([
    ['a wrong password', unauthorised, password, 'credentials-refused'],
    ['no code', mfa, password, 'code-needed'],
    ['a wrong code', mfa, { ...password, code: '012345' }, 'credentials-refused'],
    ['an IAM that is away', { status: 503 }, password, 'cloud-error'],
    ['an account that may not', { status: 403 }, password, 'no-permission'],
  ])('that is refused has its cause: %s', async (_name, answer, credentials, cause) => {
    const { service, iam } = await startOpenStack({ projects: [], signIn: () => answer })
    expect((await failure(service.signIn(credentials))).cause).toBe(cause)
    // A second try would bring the account nearer to being locked.
    expect(iam.requests).toHaveLength(cause === 'cloud-error' ? 2 : 1)
  })

  it.each([401, 404])('with a token that has ended is refused: %i', async (status) => {
    const cloud = await startTestCloud(() => ({ status }))
    const told = await failure(huawei(cloud.endpoint).signIn({ method: 'token', token: 'pasted' }))
    expect(told.cause).toBe('credentials-refused')
  })

  it('takes a token with what is around it, and nothing that cannot be one', async () => {
    const { iam, service } = await startOpenStack({ projects: [] })
    await service.signIn({ method: 'token', token: ' pasted\n' })
    expect(iam.requests[0]?.headers['x-auth-token']).toBe('pasted')
    for (const token of ['two words', 'schlüssel', 'line\r\nline', ' ']) {
      expect(await failure(service.signIn({ method: 'token', token }))).toMatchObject({
        cause: 'credentials-refused',
      })
    }
    expect(iam.requests).toHaveLength(1)
  })

  it('tells who gave a name that Huawei Cloud may want the id with the code', async () => {
    const cloud = await startTestCloud(() => mfa)
    const service = huawei(cloud.endpoint)
    const byName = await failure(service.signIn({ ...password, code: '012345' }))
    expect(byName.detail).toContain('user id')
    const byId = await failure(service.signIn({ ...password, user: userId, code: '012345' }))
    expect(byId.detail).not.toContain('user id')
  })
})

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

  it('come in the regions of the settings, where there are some', async () => {
    const { iam, service } = await startOpenStack({ projects: ['a'], nova }, ['Two'])
    expect(await (await service.signIn(password)).projects()).toEqual([
      { key: 'Two/id-a', name: 'a', region: 'Two' },
    ])
    expect(scopings(iam.requests)).toEqual([])
  })

  it('tell the regions though the first of them cannot be entered', async () => {
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
    const { cloud, roles } = await account.open(['One/id-a', 'Two/id-a', 'Two/id-b'])
    expect(roles).toEqual(['admin'])
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
    const { servers, missing } = await opened.cloud.listServers()
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
    const { cloud } = await account.open(['One/id-a', 'One/id-b'])
    expect((await cloud.listServers()).missing.map(({ failure }) => failure.cause)).toEqual(['cloud-error'])
    away = false
    const { servers, missing } = await cloud.listServers()
    expect(servers.map(({ id }) => id)).toEqual(['token-of-a', 'token-of-b'])
    expect(missing).toEqual([])
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
    // It is of the project a itself: none was asked for that.
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
      })),
      pause,
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
    const { cloud } = await account.open(['eu-de/id-eu-de_team', 'eu-nl/id-eu-nl'])
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
