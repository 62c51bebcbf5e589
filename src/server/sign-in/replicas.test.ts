import { createClient } from '@redis/client'
import { describe, expect, it, vi } from 'vitest'
import { freePort } from '../../../e2e/lab/tools.ts'
import { ApiError, paths } from '../../shared/api.ts'
import { EmbedGrant } from '../../shared/embed.ts'
import { SignInState } from '../../shared/sign-in.ts'
import { testApp } from '../../testing/app.ts'
import { ManualClock } from '../../testing/clock.ts'
import { CONSOLE, claims, hs256, jws, PORTAL, SECRET } from '../../testing/embed/portal.ts'
import { withRedis } from '../../testing/redis.ts'
import { TestBrowser } from '../../testing/sign-in/browser.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { project, TestIdentityService } from '../../testing/sign-in/identity-service.ts'
import { CloudError } from '../clouds/cloud.ts'

const redis = withRedis()

/** A replica of the whole server, with a cloud that knows users */
async function replica(service = new TestIdentityService(), env: NodeJS.ProcessEnv = {}) {
  const clock = new ManualClock(Date.now())
  const ended: string[] = []
  const { app, audit } = await testApp({
    env: {
      BMS_CONSOLE_SIGN_IN: 'iam',
      BMS_CONSOLE_PUBLIC_ORIGINS: CONSOLE,
      BMS_CONSOLE_REDIS_URL: redis.server.url,
      BMS_CONSOLE_REPLICA_ADDRESS: `127.0.0.1:${await freePort()}`,
      BMS_CONSOLE_REPLICA_SECRET: 'what all replicas of the tests know',
      ...env,
    },
    cloud: person('ann').cloud,
    identityService: service,
    clock,
    signIn(mode) {
      mode.onEnded((handle) => ended.push(handle))
      return mode
    },
  })
  return { app, service, ended, clock, audit }
}

/** The same browser, sent to one replica and to another */
function browserAt(...apps: Awaited<ReturnType<typeof replica>>['app'][]) {
  const [first, ...others] = apps.map((app) => new TestBrowser(app, { origin: CONSOLE }))
  if (!first) throw new Error('no replica')
  return [first, ...others.map((other) => Object.assign(other, { cookies: first.cookies }))]
}

const state = async (browser: TestBrowser | undefined) =>
  SignInState.parse((await browser?.ask('GET', paths.signIn()))?.json())
const signIn = (browser: TestBrowser | undefined, user: string, password = 'right') =>
  browser?.ask('POST', paths.signInIam(), {
    payload: { method: 'password', domain: 'acme', user, password },
  })

describe.skipIf(!redis.installed)('a user of the cloud', () => {
  it('who signed in at one replica has their servers at another', async () => {
    const [one, two] = [await replica(), await replica()]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'ann')
    expect(await state(atTwo)).toMatchObject({ state: 'signed-in', user: { name: 'ann', role: 'operator' } })
    const lists = await Promise.all([1, 2, 3].map(() => atTwo?.ask('GET', paths.servers())))
    expect(lists.map((list) => list?.statusCode)).toEqual([200, 200, 200])
    expect(two.service.calls).toEqual(['resume ann', 'open p1'])
  })

  it('chooses projects at one, and has them at another', async () => {
    const [one, two] = [await replica(), await replica()]
    for (const { service } of [one, two]) service.projects = [project('p1'), project('p2')]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'bob')
    expect(await state(atTwo)).toMatchObject({ state: 'choosing-projects' })
    await atTwo?.ask('PUT', paths.signInProjects(), { payload: { projects: ['p2'] } })
    expect(await state(atOne)).toMatchObject({ state: 'signed-in', projects: [project('p2')] })
    expect(one.service.calls).toEqual(['sign in bob', 'open p2'])
  })

  it('who signs out at one is out at all, and each gives up what it has', async () => {
    const [one, two] = [await replica(), await replica()]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'cyd')
    await state(atTwo)
    await atTwo?.ask('POST', paths.signOut(), { payload: { everywhere: false } })
    expect(two.ended).toHaveLength(1)
    await vi.waitFor(() => expect(one.ended).toEqual(two.ended))
    expect(await state(atOne)).toMatchObject({ state: 'signed-out' })
    await vi.waitFor(() => expect(one.service.calls.slice(-2).sort()).toEqual(['close cyd', 'close p1']))
    expect(two.service.calls.slice(-2).sort()).toEqual(['close cyd', 'close p1'])
  })

  it('is still signed in when a replica has gone', async () => {
    const [one, two] = [await replica(), await replica()]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'dan')
    await one.app.close()
    expect(one.ended).toEqual([])
    expect(one.service.calls).not.toContain('close dan')
    expect(one.service.calls).toContain('leave dan')
    expect(await state(atTwo)).toMatchObject({ state: 'signed-in' })
  })

  it('whom the cloud no longer accepts is signed out everywhere', async () => {
    const [one, two] = [await replica(), await replica()]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'eve')
    two.service.failure = new CloudError({ cause: 'signed-out' })
    const refused = await atTwo?.ask('GET', paths.servers())
    expect(ApiError.parse(refused?.json()).error.cause).toBe('sign-in-needed')
    await vi.waitFor(() => expect(one.ended).toHaveLength(1))
    expect(await state(atOne)).toMatchObject({ state: 'signed-out' })
  })

  it('is not signed out by a cloud that is away for a moment', async () => {
    const [one, two] = [await replica(), await replica()]
    const [atOne, atTwo] = browserAt(one.app, two.app)
    await signIn(atOne, 'fay')
    two.service.failure = new CloudError({ cause: 'cloud-timeout' })
    expect((await atTwo?.ask('GET', paths.servers()))?.statusCode).toBe(504)
    two.service.failure = null
    expect((await atTwo?.ask('GET', paths.servers()))?.statusCode).toBe(200)
  })

  it('has guesses counted at all replicas together', async () => {
    const [one, two] = [await replica(), await replica()]
    const answers: Array<number | undefined> = []
    for (let n = 0; n < 4; n++) {
      const [browser] = browserAt((n % 2 ? one : two).app)
      answers.push((await signIn(browser, 'gil', 'wrong'))?.statusCode)
    }
    expect(answers).toEqual([401, 401, 401, 429])
  })

  it('has a token that nobody reads in the store', async () => {
    const [one] = [await replica()]
    const [atOne] = browserAt(one.app)
    await signIn(atOne, 'hal')
    const text = await dump()
    expect(text).toContain('iam:acme/hal')
    expect(text).not.toContain('token of')
    expect(text).not.toContain(atOne?.cookies.get('__Host-bms-console'))
  })

  it('keeps the cookie while the store is away, and is told why nothing goes on', async () => {
    const [one] = [await replica()]
    const [atOne] = browserAt(one.app)
    await signIn(atOne, 'ida')
    redis.server.freeze()
    try {
      for (const ask of [
        atOne?.ask('GET', paths.servers()),
        atOne?.ask('GET', paths.signIn()),
        atOne?.ask('POST', paths.signOut(), { payload: { everywhere: false } }),
      ]) {
        const answer = await ask
        expect(answer?.statusCode).toBe(503)
        expect(ApiError.parse(answer?.json()).error.cause).toBe('store-unreachable')
        expect(answer?.headers['set-cookie']).toBeUndefined()
      }
    } finally {
      redis.server.thaw()
    }
    await vi.waitFor(async () => expect(await state(atOne)).toMatchObject({ state: 'signed-in' }))
    expect(one.ended).toEqual([])
  })
})

describe.skipIf(!redis.installed)('an embedded page', () => {
  const env = {
    BMS_CONSOLE_SIGN_IN: 'service',
    BMS_CONSOLE_EMBED_ORIGINS: PORTAL,
    BMS_CONSOLE_LAUNCH_SECRET: SECRET,
  }

  it('has its grant at every replica, and its ticket is good at one', async () => {
    const [one, two] = [await replica(undefined, env), await replica(undefined, env)]
    const ticket = jws(hs256(SECRET), claims(one.clock.now()))
    const [atOne, atTwo] = browserAt(one.app, two.app)
    const payload = { ticket }
    const answers = await Promise.all(
      [atOne, atTwo].map((at) => at?.ask('POST', paths.embedExchange(), { payload })),
    )
    expect(answers.map((answer) => answer?.statusCode).sort()).toEqual([200, 401])
    const good = answers.find((answer) => answer?.statusCode === 200)
    const { bearer } = EmbedGrant.parse(good?.json())
    for (const at of [atOne, atTwo]) {
      const answer = await at?.ask('GET', paths.signIn(), { headers: { authorization: `Bearer ${bearer}` } })
      expect(answer?.json()).toMatchObject({ state: 'signed-in' })
    }
  })
})

async function dump(): Promise<string> {
  const client = await createClient({ url: redis.server.url }).connect()
  try {
    const keys = await client.keys('*')
    const values = keys.map(async (key) =>
      (await client.type(key)) === 'string' ? client.get(key) : client.hGetAll(key),
    )
    return JSON.stringify([keys, await Promise.all(values)])
  } finally {
    client.destroy()
  }
}
