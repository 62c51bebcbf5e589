import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ApiError, paths } from '../../../shared/api.ts'
import { SignInState } from '../../../shared/sign-in.ts'
import { testApp } from '../../../testing/app.ts'
import { silentCloud } from '../../../testing/sign-in/identity.ts'
import type { Cloud } from '../../clouds/cloud.ts'

const ORIGIN = 'https://console.test'
const headers = { host: 'console.test', origin: ORIGIN }

async function start(env: NodeJS.ProcessEnv) {
  const cloud: Cloud = {
    ...silentCloud,
    listServers: async () => ({ servers: [], missing: [] }),
  }
  const { app, audit } = await testApp({ cloud, env })
  const from = async (remoteAddress: string, given: Record<string, string>) => {
    const response = await app.inject({
      url: paths.signIn(),
      headers: { ...headers, ...given },
      remoteAddress,
    })
    expect(response.statusCode).toBe(200)
    return SignInState.parse(response.json())
  }
  return { app, audit, from }
}

const proxied = {
  BMS_CONSOLE_HOST: '0.0.0.0',
  BMS_CONSOLE_TRUSTED_PROXIES: '10.0.0.5,10.7.0.0/16,fd00:1::/64',
}

describe('on loopback', () => {
  it('whoever is there is the local user', async () => {
    const { from } = await start({})
    expect(await from('127.0.0.1', {})).toEqual({
      state: 'signed-in',
      user: { name: 'Local user', role: 'admin' },
      maySignOut: false,
      projects: null,
    })
  })

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-user'])(
    'a proxy that nobody configured is noticed by %s, and lets nobody in',
    async (name) => {
      const { app, from } = await start({})
      const given = { [name]: 'for=203.0.113.9' }
      expect(await from('127.0.0.1', given)).toMatchObject({
        state: 'signed-out',
        why: { cause: 'sign-in-needed', detail: expect.stringContaining('BMS_CONSOLE_TRUSTED_PROXIES') },
      })
      const response = await app.inject({ url: paths.servers(), headers: { ...headers, ...given } })
      expect(response.statusCode).toBe(401)
    },
  )

  it('has nothing to sign out of', async () => {
    const { app, audit } = await start({})
    const response = await app.inject({
      method: 'POST',
      url: paths.signOut(),
      headers,
      payload: { everywhere: true },
    })
    expect(response.json()).toEqual({ continueAt: null })
    expect(audit.events).toEqual([])
  })
})

describe('behind a proxy', () => {
  it.each([['10.0.0.5'], ['::ffff:10.0.0.5'], ['10.7.255.1'], ['::ffff:10.7.0.1'], ['fd00:1::99']])(
    '%s says who asks',
    async (peer) => {
      const { from } = await start(proxied)
      for (const chain of [{}, { 'x-forwarded-for': '203.0.113.9' }])
        expect(await from(peer, { ...chain, 'x-forwarded-user': 'ann' })).toMatchObject({
          state: 'signed-in',
          user: { name: 'ann', role: 'operator' },
        })
    },
  )

  it.each([
    ['203.0.113.9', {}],
    ['::ffff:203.0.113.9', {}],
    ['10.0.0.6', {}],
    ['fd00:2::1', {}],
    ['127.0.0.1', {}],
    ['203.0.113.9', { 'x-forwarded-for': '10.0.0.5' }],
    ['203.0.113.9', { 'x-forwarded-for': '10.0.0.5, 10.0.0.5', 'x-real-ip': '10.0.0.5' }],
    ['203.0.113.9', { forwarded: 'for=10.0.0.5' }],
  ])('%s with %j may not', async (peer, given) => {
    const { app, from } = await start(proxied)
    const claim = { ...given, 'x-forwarded-user': 'ann' }
    expect(await from(peer, claim)).toMatchObject({
      state: 'signed-out',
      offer: { mode: 'service' },
      why: { cause: 'sign-in-needed', detail: expect.stringContaining('BMS_CONSOLE_TRUSTED_PROXIES') },
    })
    const response = await app.inject({
      url: paths.servers(),
      headers: { ...headers, ...claim },
      remoteAddress: peer,
    })
    expect(response.statusCode).toBe(401)
    expect(ApiError.parse(response.json()).error.cause).toBe('sign-in-needed')
  })

  it.each([
    ['no user', {}],
    ['an empty user', { 'x-forwarded-user': ' ' }],
    ['a user too long to be one', { 'x-forwarded-user': 'a'.repeat(257) }],
    ['a user with control characters', { 'x-forwarded-user': 'a\u0085b' }],
    ['the user in another header', { 'x-user': 'ann' }],
  ])('that sends %s is told which header is needed', async (_, given) => {
    const { from } = await start(proxied)
    expect(await from('10.0.0.5', given as Record<string, string>)).toMatchObject({
      state: 'signed-out',
      why: { cause: 'sign-in-needed', detail: expect.stringContaining('BMS_CONSOLE_USER_HEADER') },
    })
  })

  it('that adds its header to the one of the client lets nobody in', async () => {
    const { app } = await start({ ...proxied, BMS_CONSOLE_TRUSTED_PROXIES: '127.0.0.1' })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as AddressInfo
    const ask = async (users: string[]) => {
      const request = httpRequest({
        port,
        host: '127.0.0.1',
        path: paths.signIn(),
        headers: ['host', 'console.test', ...users.flatMap((user) => ['X-Forwarded-User', user])],
      }).end()
      const [response] = await once(request, 'response')
      return SignInState.parse(JSON.parse((await response.toArray()).join(''))).state
    }
    expect(await ask(['ann'])).toBe('signed-in')
    expect(await ask(['admin', 'ann'])).toBe('signed-out')
    expect(await ask(['ann', 'ann'])).toBe('signed-out')
  })

  it('may write names in UTF-8', async () => {
    const { from } = await start(proxied)
    const name = Buffer.from('Jürgen Müller').toString('latin1')
    expect(await from('10.0.0.5', { 'x-forwarded-user': name })).toMatchObject({
      user: { name: 'Jürgen Müller' },
    })
  })

  const grouped = {
    ...proxied,
    BMS_CONSOLE_GROUPS_HEADER: 'X-Forwarded-Groups',
    BMS_CONSOLE_VIEWER_GROUPS: 'all',
    BMS_CONSOLE_ADMIN_GROUPS: 'root,wheel',
  }

  it.each([
    ['all', 'viewer'],
    ['staff , wheel,all', 'admin'],
  ])('the groups %s are a role', async (groups, role) => {
    const { from } = await start(grouped)
    const given = { 'x-forwarded-user': 'ann', 'x-forwarded-groups': groups }
    expect(await from('10.0.0.5', given)).toMatchObject({ state: 'signed-in', user: { role } })
  })

  it.each([['staff'], [''], [undefined]])('the groups %s are none', async (groups) => {
    const { app, from } = await start(grouped)
    const given = {
      'x-forwarded-user': 'ann',
      ...(groups === undefined ? {} : { 'x-forwarded-groups': groups }),
    }
    expect(await from('10.0.0.5', given)).toMatchObject({ state: 'signed-out', why: { cause: 'no-role' } })
    const response = await app.inject({
      url: paths.servers(),
      headers: { ...headers, ...given },
      remoteAddress: '10.0.0.5',
    })
    expect(response.statusCode).toBe(403)
  })

  it('says who the client is, for limits and the audit log, and nobody else does', async () => {
    const { app } = await start(proxied)
    const clients: string[] = []
    app.addHook('onRequest', async ({ ip }) => void clients.push(ip))
    const ask = (remoteAddress: string, chain: string) =>
      app.inject({ url: '/healthz', remoteAddress, headers: { 'x-forwarded-for': chain } })
    await ask('10.0.0.5', '192.0.2.1, 203.0.113.9, 10.7.1.1')
    await ask('198.51.100.1', '192.0.2.1')
    expect(clients).toEqual(['203.0.113.9', '198.51.100.1'])
  })

  it('no header of it changes under which host the page may be opened', async () => {
    const { app } = await start(proxied)
    const response = await app.inject({
      url: paths.signIn(),
      remoteAddress: '10.0.0.5',
      headers: { host: 'evil.test', 'x-forwarded-host': 'console.test', 'x-forwarded-user': 'ann' },
    })
    expect(response.statusCode).toBe(421)
  })
})
