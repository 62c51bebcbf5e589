import pino from 'pino'
import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { withRedis } from '../../testing/redis.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { type Store, StoreError } from '../store/store.ts'
import { Presences, type PresencesOptions } from './presences.ts'

const redis = withRedis()

/** A replica whose only line is at this server */
function replica(
  store: Store,
  clock: ManualClock,
  serverId: string,
  atOwner: PresencesOptions['atOwner'] = async () => null,
) {
  let there = true
  const { user } = person('ada')
  const server = { id: serverId, name: `name of ${serverId}` }
  const line = { server, project: null, session: `s-${serverId}`, writer: user, viewers: 2, forMs: 5_000 }
  const viewers = [{ name: 'ada', writer: true, hereMs: 5_000 }]
  const presences = new Presences({
    store,
    sessions: {
      inUse: () => (there ? [line] : []),
      openAt: (id) =>
        there && id === serverId
          ? { session: line.session, name: server.name, watched: false, openMs: 9_000, viewers }
          : null,
    },
    clock,
    log: pino({ level: 'silent' }),
    atOwner,
  })
  const leave = () => {
    there = false
  }
  return { presences, leave }
}

const servers = async ({ presences }: ReturnType<typeof replica>) =>
  (await presences.inUse()).map(({ server }) => server.id).sort()

it.skipIf(!redis.installed)('every replica knows who is on the lines of the others', async () => {
  const clock = new ManualClock()
  const prefix = `${crypto.randomUUID()}:`
  const stores = [await redis.open(prefix), await redis.open(prefix)] as const
  const [one, two] = [replica(stores[0], clock, 'web-1'), replica(stores[1], clock, 'web-2')]
  await Promise.all([one.presences.tell(), two.presences.tell()])
  expect([await servers(one), await servers(two)]).toEqual([
    ['web-1', 'web-2'],
    ['web-1', 'web-2'],
  ])
  expect(await one.presences.openAt('web-2')).toEqual({
    session: 's-web-2',
    name: 'name of web-2',
    watched: false,
    openMs: 9_000,
    viewers: [{ name: 'ada', writer: true, hereMs: 5_000 }],
  })
  expect(await one.presences.openAt('web-3')).toBeNull()

  clock.advance(2_000)
  const seen = (await one.presences.inUse()).find(({ server }) => server.id === 'web-2')
  expect(seen).toMatchObject({ forMs: 7_000, writer: { name: 'ada' } })

  two.leave()
  await two.presences.tell()
  clock.advance(1_000)
  expect(await servers(one)).toEqual(['web-1'])
  await one.presences.close()
  clock.advance(1_000)
  expect(await servers(two)).toEqual([])
})

it.skipIf(!redis.installed)('the owner of a line is asked about one that nobody is on', async () => {
  const clock = new ManualClock()
  const held = { session: 's-web-9', name: 'web-9', watched: true, openMs: 1_000, viewers: [] }
  let away = false
  const one = replica(await redis.open(), clock, 'web-1', async (id) => {
    if (away) throw new StoreError('The store gave no answer in 1000 ms.')
    return id === 'web-9' ? held : null
  })
  expect(await one.presences.openAt('web-9')).toEqual(held)
  expect(await one.presences.openAt('web-8')).toBeNull()
  expect(await one.presences.openAt('web-1')).toMatchObject({ session: 's-web-1' })
  away = true
  expect(await one.presences.openAt('web-9')).toBeNull()
  await one.presences.close()
})

it('one process asks nobody', async () => {
  const clock = new ManualClock()
  const one = replica(new MemoryStore(clock), clock, 'web-1')
  expect(clock.pending).toBe(0)
  expect(await servers(one)).toEqual(['web-1'])
})
