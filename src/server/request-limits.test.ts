import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ApiError, paths } from '../shared/api.ts'
import { listeningTestApp, type TestAppOptions, testApp } from '../testing/app.ts'
import { silentCloud } from '../testing/sign-in/identity.ts'

const headers = { host: 'console.test', origin: 'https://console.test' }
const cloud = { ...silentCloud, listServers: async () => ({ servers: [], missing: [] }) }

/** Behind a proxy that names the user and the client's address. */
async function proxied(limits: NodeJS.ProcessEnv, options: TestAppOptions = {}) {
  const { app } = await testApp({
    cloud,
    ...options,
    env: {
      BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1',
      BMS_CONSOLE_USER_HEADER: 'x-user',
      ...limits,
    },
  })
  const ask = (user: string, from: string, url = paths.servers()) =>
    app.inject({ url, headers: { ...headers, 'x-user': user, 'x-forwarded-for': from } })
  const many = async (count: number, ...asked: Parameters<typeof ask>) => {
    const statuses: number[] = []
    for (let each = 0; each < count; each++) statuses.push((await ask(...asked)).statusCode)
    return statuses
  }
  return { ask, many }
}

describe('the limit of a user', () => {
  it('counts from everywhere, and no other user’s', async () => {
    const { ask, many } = await proxied({ BMS_CONSOLE_USER_REQUESTS_PER_MINUTE: '60' })
    expect(new Set(await many(30, 'ada', '192.0.2.1'))).toEqual(new Set([200]))
    expect(new Set(await many(30, 'ada', '192.0.2.2'))).toEqual(new Set([200]))
    const refused = await ask('ada', '192.0.2.3')
    expect(refused.statusCode).toBe(429)
    const { error } = ApiError.parse(refused.json())
    expect(error).toMatchObject({ cause: 'too-many-requests', retryAfter: expect.any(Number) })
    expect(Number(refused.headers['retry-after'])).toBe(error.retryAfter)
    expect(error.retryAfter).toBeLessThanOrEqual(60)
    expect((await ask('bob', '192.0.2.1')).statusCode).toBe(200)
  })
})

describe('the limit of an address', () => {
  const limits = { BMS_CONSOLE_ADDRESS_REQUESTS_PER_MINUTE: '60' }

  it('counts all users of the client’s own address, which the proxy names', async () => {
    const { ask, many } = await proxied(limits)
    await many(30, 'ada', '192.0.2.1')
    await many(30, 'bob', '192.0.2.1')
    expect((await ask('carol', '192.0.2.1')).statusCode).toBe(429)
    expect((await ask('carol', '192.0.2.2')).statusCode).toBe(200)
  })

  it('counts the network of an IPv6 client', async () => {
    const { ask, many } = await proxied(limits)
    await many(60, 'ada', '2001:db8::1')
    expect((await ask('ada', '2001:db8::ffff')).statusCode).toBe(429)
    expect((await ask('ada', '2001:db8:0:1::1')).statusCode).toBe(200)
  })

  it('counts who is not signed in and what there is not, and leaves the rest alone', async () => {
    const { ask, many } = await proxied(limits)
    await many(30, '', '192.0.2.1', paths.signIn())
    await many(30, '', '192.0.2.1', '/api/nothing')
    expect((await ask('', '192.0.2.1', paths.signIn())).statusCode).toBe(429)
    for (const url of ['/healthz', '/readyz']) expect((await ask('', '192.0.2.1', url)).statusCode).toBe(200)
  })

  it('is not reached by fifty tabs that are opened at once', async () => {
    const { many } = await proxied({})
    // What each tab asks for: the sign-in, the installation, the list, a server, a console and its line.
    expect(new Set(await many(50 * 6, 'ada', '192.0.2.1'))).toEqual(new Set([200]))
  })
})

describe('overload', () => {
  it('refuses new requests to the API, with a cause and a time, and health is answered', async () => {
    const { app, origin } = await listeningTestApp({ cloud, env: { BMS_CONSOLE_OVERLOAD_DELAY: '150' } })
    const busy = async () => {
      for (const until = performance.now() + 2_500; performance.now() < until; ) {
        for (const end = performance.now() + 250; performance.now() < end; );
        await wait(0)
      }
    }
    await busy()
    const { host } = new URL(origin)
    const ask = (url: string) => app.inject({ url, headers: { host, origin } })
    const refused = await ask(paths.servers())
    expect(refused.statusCode).toBe(503)
    expect(ApiError.parse(refused.json()).error).toMatchObject({ cause: 'overloaded', retryAfter: 3 })
    expect(refused.headers['retry-after']).toBe('3')
    expect((await ask('/healthz')).statusCode).toBe(200)
    await expect.poll(async () => (await ask(paths.servers())).statusCode, { timeout: 5_000 }).toBe(200)
  })
})
