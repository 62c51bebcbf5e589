import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { withRedis } from '../../testing/redis.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { DirectLinks } from './direct-links.ts'

function start() {
  const clock = new ManualClock()
  const links = new DirectLinks(new MemoryStore(clock), clock)
  const give = (name: string, client: string, id = 'web-1') =>
    links.gave({ server: { id, name: id }, project: null, user: person(name).user, client })
  return { clock, links, give }
}

it('the last page that was given a link counts, until it lets go or an hour has passed', async () => {
  const { clock, links, give } = start()
  expect(await links.ofAnother('web-1', 'bob-tab')).toBeNull()
  await give('ada', 'ada-tab')
  clock.advance(60_000)
  const link = await links.ofAnother('web-1', 'bob-tab')
  expect(link).toMatchObject({ user: { name: 'ada' } })
  expect(link && links.ageOf(link)).toBe(60_000)
  expect([await links.ofAnother('web-1', 'ada-tab'), await links.ofAnother('db-1', 'bob-tab')]).toEqual([
    null,
    null,
  ])

  await give('bob', 'bob-tab')
  await links.released('web-1', 'ada-tab')
  expect(await links.ofAnother('web-1', 'ada-tab')).toMatchObject({ user: { name: 'bob' } })
  await links.released('web-1', 'bob-tab')
  expect(await links.ofAnother('web-1', 'ada-tab')).toBeNull()

  await give('ada', 'ada-tab')
  clock.advance(3_600_000)
  expect([await links.ofAnother('web-1', 'bob-tab'), await links.all()]).toEqual([null, []])
})

it('there is a bound, and the oldest goes', async () => {
  const { clock, links, give } = start()
  for (let server = 0; server <= 10_000; server++) await give('ada', 'ada-tab', `server-${server}`)
  clock.advance(1)
  await give('ada', 'ada-tab', 'server-1')
  expect(await links.all()).toHaveLength(10_000)
  expect((await links.all()).map(({ server }) => server.id)).not.toContain('server-0')
  expect((await links.all()).at(-1)?.server.id).toBe('server-1')
})

const redis = withRedis()

it.skipIf(!redis.installed)(
  'a link that one replica gave is known to the others, without the tab’s secret',
  async () => {
    const clock = new ManualClock()
    const prefix = `${crypto.randomUUID()}:`
    const stores = [await redis.open(prefix), await redis.open(prefix)] as const
    const [one, two] = [new DirectLinks(stores[0], clock), new DirectLinks(stores[1], clock)]
    const link = { server: { id: 'web-1', name: 'web' }, project: null, user: person('ada').user }
    await one.gave({ ...link, client: 'ada-tab' })
    expect(await two.ofAnother('web-1', 'bob-tab')).toMatchObject({ user: { name: 'ada' } })
    expect(await two.ofAnother('web-1', 'ada-tab')).toBeNull()
    expect((await two.all()).map(({ server }) => server.name)).toEqual(['web'])
    expect(JSON.stringify(await two.all())).not.toContain('ada-tab')

    await two.gave({ ...link, user: person('bob').user, client: 'bob-tab' })
    await one.released('web-1', 'ada-tab')
    expect(await one.ofAnother('web-1', 'ada-tab')).toMatchObject({ user: { name: 'bob' } })
    await one.released('web-1', 'bob-tab')
    clock.advance(1_000)
    expect([await two.ofAnother('web-1', 'ada-tab'), await two.all()]).toEqual([null, []])
  },
)
