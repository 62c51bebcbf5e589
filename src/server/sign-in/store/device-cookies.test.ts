import cookie from '@fastify/cookie'
import Fastify from 'fastify'
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { PublicOrigins } from '../../origins.ts'
import { DeviceCookies } from './device-cookies.ts'

const ORIGIN = 'https://console.test'
const NAME = '__Host-bms-console-device'
const DAY = 86_400_000
const secret = Buffer.from('a secret of the tests, long enough to be one')
const now = Date.UTC(2026, 0, 1)

async function start(at = now) {
  const clock = new ManualClock(at)
  const devices = new DeviceCookies({ secret, origins: new PublicOrigins([ORIGIN]), clock })
  const app = Fastify()
  await app.register(cookie)
  app.get('/give', async (request, reply) => {
    await devices.give(request, reply, 'acme/ann')
    return {}
  })
  app.get('/of', async (request) => {
    const device = await devices.of(request)
    return { id: device?.id ?? null, ann: device?.knows('acme/ann'), bob: device?.knows('acme/bob') }
  })
  const give = async () => {
    const { cookies } = await app.inject({ url: '/give', headers: { host: 'console.test' } })
    return cookies.find(({ name }) => name === NAME)?.value ?? ''
  }
  const of = async (token: string) =>
    (await app.inject({ url: '/of', headers: { host: 'console.test' }, cookies: { [NAME]: token } })).json()
  return { clock, give, of }
}

const token = (alg = 'HS256') =>
  new SignJWT()
    .setProtectedHeader({ alg })
    .setAudience('bms-console-device')
    .setSubject('x')
    .setJti('0b9ff2a6-4b3b-4f0e-9a53-5b7c3c9f9d10')
    .setExpirationTime(now / 1000 + 60)

describe('a device cookie', () => {
  it('knows the account that it was given for, for ninety days', async () => {
    const { clock, give, of } = await start()
    const given = await give()
    expect(await of(given)).toEqual({ id: expect.any(String), ann: true, bob: false })
    clock.advance(90 * DAY - 1000)
    expect((await of(given)).id).not.toBeNull()
    clock.advance(1000)
    expect((await of(given)).id).toBeNull()
  })

  it('is another each time', async () => {
    const { give, of } = await start()
    expect((await of(await give())).id).not.toBe((await of(await give())).id)
  })

  it('is good as the tests make one', async () => {
    expect((await (await start()).of(await token().sign(secret))).id).not.toBeNull()
  })

  it.each([
    ['signed by another', () => token().sign(Buffer.alloc(32, 1))],
    ['for another use', () => token().setAudience('bms-console-start').sign(secret)],
    ['by another algorithm', () => token('HS512').sign(Buffer.alloc(64, secret))],
    ['without an id', () => token().setJti('').sign(secret)],
    ['without a signature', async () => new UnsecuredJWT({ aud: 'bms-console-device', sub: 'x' }).encode()],
    [
      'of no end',
      () =>
        new SignJWT({ sub: 'x', jti: '0b9ff2a6-4b3b-4f0e-9a53-5b7c3c9f9d10' })
          .setProtectedHeader({ alg: 'HS256' })
          .setAudience('bms-console-device')
          .sign(secret),
    ],
    ['of nothing', async () => '..'],
  ])('%s is none', async (_, make) => {
    expect((await (await start()).of(await make())).id).toBeNull()
  })
})
