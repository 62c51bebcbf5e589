import { expect, it } from 'vitest'
import { ManualClock } from '../../testing/clock.ts'
import { person } from '../../testing/sign-in/identity.ts'
import { DirectLinks } from './direct-links.ts'

function start() {
  const clock = new ManualClock()
  const links = new DirectLinks(clock)
  const give = (name: string, client: string, id = 'web-1') =>
    links.gave({ server: { id, name: id }, project: null, user: person(name).user, client })
  return { clock, links, give }
}

it('the last page that was given a link counts, until it lets go or an hour has passed', () => {
  const { clock, links, give } = start()
  expect(links.ofAnother('web-1', 'bob-tab')).toBeNull()
  give('ada', 'ada-tab')
  clock.advance(60_000)
  const link = links.ofAnother('web-1', 'bob-tab')
  expect(link).toMatchObject({ user: { name: 'ada' }, client: 'ada-tab' })
  expect(link && links.ageOf(link)).toBe(60_000)
  expect([links.ofAnother('web-1', 'ada-tab'), links.ofAnother('db-1', 'bob-tab')]).toEqual([null, null])

  give('bob', 'bob-tab')
  links.released('web-1', 'ada-tab')
  expect(links.ofAnother('web-1', 'ada-tab')).toMatchObject({ user: { name: 'bob' } })
  links.released('web-1', 'bob-tab')
  expect(links.ofAnother('web-1', 'ada-tab')).toBeNull()

  give('ada', 'ada-tab')
  clock.advance(3_600_000)
  expect([links.ofAnother('web-1', 'bob-tab'), links.all()]).toEqual([null, []])
})

it('there is a bound, and the oldest goes', () => {
  const { links, give } = start()
  for (let server = 0; server <= 10_000; server++) give('ada', 'ada-tab', `server-${server}`)
  give('ada', 'ada-tab', 'server-1')
  expect(links.all()).toHaveLength(10_000)
  expect(links.all().map(({ server }) => server.id)).not.toContain('server-0')
  expect(links.all().at(-1)?.server.id).toBe('server-1')
})
