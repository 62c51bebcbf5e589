import pino from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { type Clock, systemClock } from '../../shared/clock.ts'
import { ManualClock } from '../../testing/clock.ts'
import { CONSOLE, claims, hs256, jws, PORTAL, SECRET } from '../../testing/embed/portal.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { PublicOrigins } from '../origins.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { Grants } from './grants.ts'

afterEach(() => {
  vi.useRealTimers()
})

function start(clock: Clock = systemClock) {
  vi.useFakeTimers()
  const grants = new Grants({
    settings: {
      origins: [PORTAL],
      key: { source: 'BMS_CONSOLE_LAUNCH_SECRET', secret: new TextEncoder().encode(SECRET) },
      issuer: null,
    },
    cloud: person('ada').cloud,
    origins: new PublicOrigins([CONSOLE]),
    log: pino({ level: 'silent' }),
    clock,
    store: new MemoryStore(clock),
  })
  const ended: string[] = []
  grants.onEnded((handle) => ended.push(handle))
  const begin = async (changed: object = {}) =>
    (await grants.exchange(jws(hs256(SECRET), claims(Date.now(), changed)), null)).grant.bearer
  return { grants, ended, begin }
}

it('a grant ends by itself, also when its page is silent', async () => {
  const { grants, ended, begin } = start()
  const identity = await grants.identify(await begin())
  vi.advanceTimersByTime(15 * 60_000 - 1)
  expect(ended).toEqual([])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(ended).toEqual([identity?.signIn])
  await grants.close()
})

it('whoever loads the page again and again loses their own oldest grants, and nobody else’s', async () => {
  const { grants, begin } = start()
  const bob = await begin({ sub: 'bob' })
  const own: string[] = []
  for (let i = 0; i < 101; i++) own.push(await begin())
  const identified = await Promise.all(own.map((bearer) => grants.identify(bearer)))
  expect(own.filter((_, index) => identified[index])).toEqual(own.slice(1))
  expect(await grants.identify(bob)).not.toBeNull()
  await grants.close()
})

it('with the server all end, and no timer stays', async () => {
  // Other tests of the same worker may have timers of the system's clock.
  const clock = new ManualClock(Date.now())
  const { grants, ended, begin } = start(clock)
  await begin()
  await begin()
  expect(clock.pending).toBeGreaterThan(0)
  await grants.close()
  expect(ended).toHaveLength(2)
  expect(clock.pending).toBe(0)
})
