import { fireEvent, screen, within } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { paths } from '../../../shared/api.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { end, hit as hitOf } from '../../../testing/web/log-search.ts'
import { ndjson } from '../../../testing/web/ndjson.ts'
import { openPage } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'

const words = en.search
const path = '/api/log/search'
const hit = (name: string, offset: number) => hitOf({ id: `id-${name}`, name }, offset)

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
    .answer('GET', paths.servers(), { servers: [], missing: [] })
    .answer('GET', path, () => ndjson(end(null)))
})

const asked = () => api.askedFor('GET', path).map(({ query }) => Object.fromEntries(query))
const field = () => screen.findByRole('searchbox', { name: words.all.title })
const results = () => screen.findByRole('region', { name: words.results })

it('asks for a text first, and searches nothing', async () => {
  await openPage('/search')
  expect(await screen.findByRole('heading', { name: words.all.title })).toBeVisible()
  expect(screen.getByText(words.all.begin)).toBeVisible()
  expect(document.title).toBe(`${words.all.title} · BMS Console`)
  expect(asked()).toEqual([])
})

it('lists the lines of several servers, each a link to its place, and goes on', async () => {
  api.answer('GET', path, ({ query }: { query: URLSearchParams }) =>
    query.has('before')
      ? ndjson(hit('web', 7), end(null))
      : ndjson(hit('db', 500), hit('web', 500), end('id-web.500')),
  )
  const { user, address } = await openPage('/search')
  await user.type(await field(), 'panic{Enter}')
  const list = await results()
  expect(await within(list).findByText(t('search.ended.pageOfSeveral', { count: 2 }))).toBeVisible()
  expect(address()).toBe('/search?q=panic')
  const [db, web] = within(list).getAllByRole('link')
  expect(db).toHaveTextContent(/^db.*Kernel PANIC at 500$/)
  expect(db).toHaveAttribute('href', '/servers/id-db/history?from=500')
  expect(web).toHaveAttribute('href', '/servers/id-web/history?from=500')
  expect(within(db as HTMLElement).getByText('PANIC').tagName).toBe('MARK')
  await user.click(within(list).getByRole('button', { name: words.more }))
  expect(await within(list).findByText('at 7', { exact: false, selector: 'code' })).toBeVisible()
  expect(asked()).toEqual([{ q: 'panic' }, { q: 'panic', before: 'id-web.500' }])
})

it('keeps what is searched in its address, and begins with it', async () => {
  const { user, address } = await openPage('/search?q=a.c&case=true&regex=true&span=nonsense')
  expect(await field()).toHaveValue('a.c')
  expect(screen.getByRole('button', { name: words.matchCase })).toHaveAttribute('aria-pressed', 'true')
  expect(screen.getByRole('button', { name: words.regex })).toHaveAttribute('aria-pressed', 'true')
  expect(screen.getByRole('combobox', { name: words.span })).toHaveValue('all')
  expect(await within(await results()).findByText(t('search.ended.all', { count: 0 }))).toBeVisible()
  expect(asked()).toEqual([{ q: 'a.c', case: 'true', regex: 'true' }])

  await user.click(screen.getByRole('button', { name: words.matchCase }))
  await user.selectOptions(screen.getByRole('combobox', { name: words.span }), words.spans.day)
  await expect.poll(address).toBe('/search?q=a.c&regex=true&span=day')
  await expect.poll(asked).toHaveLength(3)
  expect(asked().at(-1)).toEqual({ q: 'a.c', regex: 'true', from: expect.any(String) })
  await user.type(await field(), '{Enter}')
  await expect.poll(asked).toHaveLength(4)
})

it('takes a time from one moment to another, keeps it in its address, and says when it ends before it begins', async () => {
  const { user, address } = await openPage('/search?q=panic&span=day')
  await expect.poll(asked).toHaveLength(1)
  await user.selectOptions(screen.getByRole('combobox', { name: words.span }), words.spans.range)
  // It begins where the span before did, and is not searched before it is whole.
  const since = screen.getByLabelText(words.since)
  expect(since).not.toHaveValue('')
  expect(asked()).toHaveLength(1)
  fireEvent.change(since, { target: { value: '2026-03-01T12:00' } })
  fireEvent.change(screen.getByLabelText(words.until), { target: { value: '2026-03-01T13:30' } })
  await user.click(screen.getByRole('button', { name: words.search }))
  const [from, to] = ['2026-03-01T12:00', '2026-03-01T13:30'].map((time) => new Date(time).toISOString())
  await expect.poll(() => asked().at(-1)).toEqual({ q: 'panic', from, to })
  expect(new URLSearchParams(address().split('?')[1]).get('since')).toBe(from)
  expect(new URLSearchParams(address().split('?')[1]).get('until')).toBe(to)
  fireEvent.change(screen.getByLabelText(words.until), { target: { value: '2026-03-01T11:00' } })
  await user.click(screen.getByRole('button', { name: words.search }))
  expect(await screen.findByRole('alert')).toHaveTextContent(words.wrongRange)
  expect(asked()).toHaveLength(2)
})

it('says what is no regular expression, and asks nobody', async () => {
  await openPage('/search?q=(&regex=true')
  expect(await screen.findByRole('alert')).toHaveTextContent(words.wrongRegex.split('{')[0] ?? '')
  expect(asked()).toEqual([])
})

it('says why the server refused it', async () => {
  api.fail('GET', path, { cause: 'too-many-requests' }, 429)
  await openPage('/search?q=panic')
  expect(await screen.findByRole('alert')).toHaveTextContent(en.causes['too-many-requests'].title)
})

it('is in the menu of those who may read logs, and begins anew there', async () => {
  const { user, address } = await openPage('/search?q=panic')
  expect(await field()).toHaveValue('panic')
  await user.click(await screen.findByRole('button', { name: t('user.menuOf', { name: 'Ada' }) }))
  await user.click(await screen.findByRole('menuitem', { name: en.pages.search }))
  await expect.poll(address).toBe('/search')
  expect(await screen.findByText(words.all.begin)).toBeVisible()
  expect(await field()).toHaveValue('')
})

it.each([
  ['operator', true],
  ['viewer', false],
] as const)('is linked from the list of servers, for %s: %s', async (role, there) => {
  api.signedIn(role)
  await openPage('/')
  await screen.findByRole('heading', { name: en.servers.title })
  // Who is signed in and what is on are known with this link, or with the list.
  await screen.findByText(en.list.empty.none.title)
  const link = screen.queryByRole('link', { name: en.pages.search })
  expect(link?.getAttribute('href') ?? null).toBe(there ? '/search' : null)
})

it('says to who may not read logs, or where none are kept, why there is nothing', async () => {
  api.signedIn('viewer')
  await openPage('/search')
  const refused = await screen.findByRole('alert')
  expect(refused).toHaveTextContent(en.causes['role-forbids'].title)
  expect(refused).toHaveTextContent(en.causes['role-forbids'].next)
  expect(screen.queryByRole('searchbox')).toBeNull()
})

it('that finds nothing says what may help', async () => {
  api.answer('GET', path, ndjson({ type: 'progress', scannedBytes: 9, totalBytes: 9 }, end(null)))
  await openPage('/search?q=panic&case=true&span=hour')
  const list = await results()
  for (const hint of ['time', 'case', 'phrase'] as const)
    expect(await within(list).findByText(words.hints[hint])).toBeVisible()
  expect(within(list).queryByText(words.hints.regex)).toBeNull()
})
