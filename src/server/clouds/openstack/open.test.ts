import { describe, expect, it } from 'vitest'
import { retriesByItself } from '../../../shared/cause.ts'
import { ImpatientClock } from '../../../testing/clock.ts'
import { type Answer, cause, id, start } from '../../../testing/clouds/openstack.ts'
import { scopedToken, server298, version } from '../../../testing/clouds/openstack-answers.ts'
import { startTestCloud } from '../../../testing/clouds/test-cloud.ts'
import { openOpenStack } from './open.ts'

describe('the proxy’s own token', () => {
  const reads: Answer = ({ path }) =>
    path.includes('/servers/') ? { body: { server: server298 } } : undefined

  it('is shared by all who wait, and kept', async () => {
    const { cloud, keystone } = await start(reads)
    await Promise.all([cloud.getServer('a'), cloud.getServer('b')])
    await cloud.getServer('c')
    expect(keystone.requests).toHaveLength(1)
  })

  it('is renewed once after a 401', async () => {
    let revoked = false
    const { cloud, keystone, asked } = await start(reads, {
      accepts: (token) => !revoked || token === 'token-2',
    })
    await cloud.getServer(id)
    revoked = true
    await cloud.getServer(id)
    expect(keystone.requests).toHaveLength(2)
    expect(asked().map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-1', 'token-2'])
  })

  it('is not renewed for ever', async () => {
    const { cloud, keystone, nova } = await start(reads, { accepts: () => false })
    expect(await cause(cloud.getServer(id))).toBe('signed-out')
    expect(keystone.requests).toHaveLength(2)
    expect(nova.requests).toHaveLength(2)
  })
})

const openByToken = (authUrl: string, scope: 'own' | 'unscoped') =>
  openOpenStack({
    name: 'test',
    authUrl,
    interface: 'public',
    regions: [],
    tls: { ca: null, verify: true },
    domain: null,
    own: { credentials: { kind: 'token', token: 't' }, scope, from: 'the test' },
    timeoutMs: undefined,
  })

it('a refused sign-in of the proxy names its settings', async () => {
  const keystone = await startTestCloud(() => ({
    status: 401,
    body: { error: { code: 401, message: 'No.', title: 'Unauthorized' } },
  }))
  const cloud = openByToken(keystone.endpoint, 'own')
  await expect(cloud.listServers()).rejects.toMatchObject({
    failure: {
      cause: 'signed-out',
      detail: "Keystone rejected BMS Console's own sign-in (the test). The cloud answered HTTP 401: No.",
    },
  })
})

it('several regions are one list, for one token', async () => {
  const clouds = await Promise.all(
    ['a', 'b'].map((name) =>
      startTestCloud(({ path }) =>
        path.endsWith('/') ? { body: version('2.98') } : { body: { servers: [{ ...server298, id: name }] } },
      ),
    ),
  )
  const [one = '', two = ''] = clouds.map(({ endpoint }) => `${endpoint}/v2.1`)
  const keystone = await startTestCloud(() => ({
    status: 201,
    headers: { 'x-subject-token': 't' },
    body: scopedToken({ RegionOne: one, RegionTwo: two, RegionThree: 'http://127.0.0.1:1/v2.1' }),
  }))
  const cloud = openOpenStack(
    {
      name: 'mycloud',
      authUrl: keystone.endpoint,
      interface: 'public',
      regions: ['RegionOne', 'RegionTwo', 'RegionThree'],
      tls: { ca: null, verify: true },
      domain: null,
      own: { credentials: { kind: 'token', token: 't' }, scope: 'own', from: 'the test' },
      timeoutMs: undefined,
    },
    { clock: new ImpatientClock() },
  )
  const { servers, missing } = await cloud.listServers()
  expect(servers.map(({ id, region }) => [id, region])).toEqual([
    ['a', 'RegionOne'],
    ['b', 'RegionTwo'],
  ])
  expect(missing.map(({ where, failure }) => [where, failure.cause])).toEqual([
    ['RegionThree', 'cloud-unreachable'],
  ])
  expect(keystone.requests).toHaveLength(1)
})

it('a region that the catalog does not have is named in the failure', async () => {
  const keystone = await startTestCloud(() => ({
    status: 201,
    headers: { 'x-subject-token': 't' },
    body: scopedToken({ RegionOne: 'http://127.0.0.1:1/v2.1' }),
  }))
  const cloud = openOpenStack({
    name: 'test',
    authUrl: keystone.endpoint,
    interface: 'public',
    regions: ['RegionTwo'],
    tls: { ca: null, verify: true },
    domain: null,
    own: { credentials: { kind: 'token', token: 't' }, scope: 'own', from: 'the test' },
    timeoutMs: undefined,
  })
  await expect(cloud.listServers()).rejects.toMatchObject({
    failure: {
      cause: 'no-endpoint',
      detail:
        'The catalog of this project has no public compute endpoint in the region RegionTwo, but in RegionOne.',
    },
  })
  // The token says it: nothing else is asked, and nothing is asked again.
  expect(keystone.requests).toHaveLength(1)
  expect(retriesByItself['no-endpoint']).toBe(false)
})

it('a token without a project is told as that', async () => {
  const { project: _, catalog: __, ...token } = scopedToken({}).token
  const keystone = await startTestCloud(() => ({
    status: 201,
    headers: { 'x-subject-token': 't' },
    body: { token },
  }))
  const cloud = openByToken(keystone.endpoint, 'unscoped')
  expect(await cause(cloud.listServers())).toBe('no-project')
})
