import { screen, within } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { paths } from '../../../shared/api.ts'
import type { LogPage, LogSummary } from '../../../shared/line-log.ts'
import type { LogSearchEvent } from '../../../shared/log-search.ts'
import { testServer } from '../../../testing/server.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { end, hit as hitOf } from '../../../testing/web/log-search.ts'
import { ndjson } from '../../../testing/web/ndjson.ts'
import { openPage } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'

const words = en.search
const id = 'id-db'
const time = '2026-03-01T02:13:05.000Z'
const path = `${paths.lineLog(id)}/search`
const hit = (offset: number, boot?: { offset: number; time: string }) =>
  hitOf({ id, name: 'db-fra-01' }, offset, boot)

let api: FakeApi

beforeEach(() => {
  const summary: LogSummary = {
    start: 0,
    end: 1000,
    firstTime: time,
    lastTime: time,
    boots: [{ offset: 300, time: '2026-03-01T02:00:00.000Z', ended: 'panic' }],
    moreBoots: false,
    marks: [],
  }
  const page: LogPage = { rows: [], before: null, after: 0, atEnd: true }
  api = new FakeApi()
    .answer('GET', paths.server(id), { server: testServer({ id, name: 'db-fra-01' }) })
    .answer('GET', paths.lineLog(id), summary)
    .answer('GET', `${paths.lineLog(id)}/lines`, page)
})

const say = (...events: LogSearchEvent[]) => ndjson(...events)

const open = () => openPage(`/servers/${id}/history`)
const asked = () => api.askedFor('GET', path).map(({ query }) => Object.fromEntries(query))
const results = () => screen.findByRole('region', { name: words.results })

it('lists lines with their times and boots, goes on, and leads to one', async () => {
  api.answer('GET', path, ({ query }: { query: URLSearchParams }) =>
    query.has('before')
      ? say(hit(200), end(null))
      : say(hit(500), hit(400, { offset: 20, time: '2026-02-28T12:00:00.000Z' }), end('id-db.400')),
  )
  const { user, address } = await open()
  await user.type(await screen.findByRole('searchbox', { name: en.history.search }), 'panic{Enter}')
  const list = await results()
  expect(await within(list).findByText(t('search.ended.page', { count: 2 }))).toBeVisible()
  const [newest, other] = within(list).getAllByRole('listitem')
  expect(newest).toHaveTextContent('Kernel PANIC at 500')
  // One hit knows its boot, and the other's is known to the page.
  expect(newest).toHaveTextContent('Boot Mar 1')
  expect(other).toHaveTextContent('Boot Feb 28')
  expect(within(newest as HTMLElement).getByText('PANIC').tagName).toBe('MARK')
  await user.click(within(list).getByRole('button', { name: words.more }))
  expect(await within(list).findByText('at 200', { exact: false, selector: 'code' })).toBeVisible()
  expect(within(list).queryByRole('button', { name: words.more })).toBeNull()
  expect(asked()).toEqual([{ q: 'panic' }, { q: 'panic', before: 'id-db.400' }])
  await user.click(within(list).getByText('400', { exact: false, selector: 'code' }))
  await expect.poll(address).toBe(`/servers/${id}/history?from=400&q=panic`)
})

it('searches anew when case or the kind of query is changed', async () => {
  api.answer('GET', path, () => say(end(null)))
  const { user } = await open()
  await user.type(await screen.findByRole('searchbox', { name: en.history.search }), 'a.c{Enter}')
  await user.click(screen.getByRole('button', { name: words.matchCase }))
  await user.click(screen.getByRole('button', { name: words.regex }))
  expect(screen.getByRole('button', { name: words.regex })).toHaveAttribute('aria-pressed', 'true')
  expect(asked()).toEqual([
    { q: 'a.c' },
    { q: 'a.c', case: 'true' },
    { q: 'a.c', case: 'true', regex: 'true' },
  ])
  const before = Date.now()
  await user.selectOptions(screen.getByRole('combobox', { name: words.span }), words.spans.hour)
  const from = Date.parse(asked().at(-1)?.from ?? '')
  expect(from + 3_600_000).toBeGreaterThanOrEqual(before)
  expect(from + 3_600_000).toBeLessThanOrEqual(Date.now())
  expect(await within(await results()).findByText(t('search.ended.all', { count: 0 }))).toBeVisible()
})

it('says what is wrong with a regular expression, and what the server refused', async () => {
  const { user } = await open()
  const field = await screen.findByRole('searchbox', { name: en.history.search })
  await user.click(screen.getByRole('button', { name: words.regex }))
  await user.type(field, '({Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(words.wrongRegex.split('{')[0] ?? '')
  api.fail('GET', path, { cause: 'too-many-requests' }, 429)
  await user.clear(field)
  expect(screen.queryByRole('region', { name: words.results })).toBeNull()
  await user.type(field, 'x{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent(en.causes['too-many-requests'].title)
})

it('can be stopped, and has the focus after Ctrl+F and a slash', async () => {
  api.hang('GET', path)
  const { user } = await open()
  const field = await screen.findByRole('searchbox', { name: en.history.search })
  await user.keyboard('/')
  expect(field).toHaveFocus()
  await user.type(field, 'panic{Enter}')
  await user.click(await screen.findByRole('button', { name: words.stop }))
  expect(await screen.findByText(t('search.stopped', { count: 0 }))).toBeVisible()
  await user.keyboard('{Control>}f{/Control}')
  expect(field).toHaveFocus()
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('region', { name: words.results })).toBeNull()
})
