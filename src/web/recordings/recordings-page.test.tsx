import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { RecordingList, RecordingSearchEvent } from '../../shared/recording.ts'
import { type Asked, FakeApi } from '../../testing/web/fake-api.ts'
import { end } from '../../testing/web/log-search.ts'
import { ndjson } from '../../testing/web/ndjson.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const { recordings: words } = en

type Recording = RecordingList['recordings'][number]

const web: Recording = {
  id: '5a1d0c01-0000-4000-8000-000000000001',
  serverId: 'id-web',
  serverName: 'web-01',
  sessionId: 's',
  part: 1,
  startedBy: 'night shift',
  startedById: null,
  startedAt: '2026-03-01T12:00:00Z',
  endedAt: '2026-03-01T12:03:00Z',
  duration: 180,
  bytes: 2_048,
  lostBytes: 0,
  state: 'complete',
  reason: 'Ada stopped it.',
  why: { kind: 'stopped', by: 'Ada' },
  project: null,
  mayDelete: true,
}
const db: Recording = {
  ...web,
  id: '5a1d0c01-0000-4000-8000-000000000002',
  serverId: 'id-db',
  serverName: 'db-01',
  state: 'interrupted',
  // From before there were kinds
  reason: 'The server ended during the recording.',
  why: null,
  lostBytes: 7,
}
const servers = [
  { id: 'id-db', name: 'db-01' },
  { id: 'id-web', name: 'web-01' },
]
const hit: RecordingSearchEvent = {
  type: 'hit',
  recording: { id: web.id, serverId: 'id-web', serverName: 'web-01' },
  second: 120,
  line: 7,
  time: '2026-03-01T12:02:00.000Z',
  before: 'Kernel ',
  match: 'PANIC',
  after: ' - not syncing',
}
const searched = '/api/recordings/search'

let api: FakeApi
/** What the list holds. It is searched and narrowed as the server does. */
let kept: Recording[]
let extra: Partial<RecordingList>

beforeEach(() => {
  kept = [db, web]
  extra = {}
  api = new FakeApi().answer('GET', paths.recordings({}), ({ query }: Asked): RecordingList => {
    const server = query.get('server')
    const page = Number(query.get('page') ?? 1)
    const recordings = kept.filter(({ serverId }) => server === null || serverId === server)
    return { recordings, page, hasMore: false, servers, ...extra }
  })
})

const names = () => screen.queryAllByRole('rowheader').map(({ textContent }) => textContent)
const open = async (path = '/recordings') => {
  const page = await openPage(path)
  await screen.findByRole('heading', { name: words.title })
  await expect.poll(() => screen.queryByText(words.loading)).toBeNull()
  return page
}
const search = () => screen.getByRole('searchbox', { name: words.search })

describe('a row', () => {
  it('says what was recorded, when, by whom and how it ended', async () => {
    await open()
    const row = screen.getByRole('row', { name: /web-01/ })
    for (const fact of ['3:00', 'night shift', words.states.complete, t('sizes.kib', { size: '2' })])
      expect(row).toHaveTextContent(fact)
    const cut = screen.getByRole('row', { name: /db-01/ })
    expect(cut).toHaveTextContent(words.states.interrupted)
    expect(cut).toHaveTextContent(t('recordings.lost', { count: 7 }))
    expect(screen.getByTitle(t('recordings.reasons.stopped', { by: 'Ada' }))).toBeVisible()
    expect(screen.getByTitle('The server ended during the recording.')).toBeVisible()
  })

  it('leads to the recording, and to its files', async () => {
    await open()
    const link = (name: string) => screen.getByRole('link', { name })
    expect(link('web-01')).toHaveAttribute('href', `/recordings/${web.id}`)
    expect(link(t('recordings.castOf', { name: 'web-01' }))).toHaveAttribute(
      'href',
      paths.recordingCast(web.id),
    )
    expect(link(t('recordings.textOf', { name: 'web-01' }))).toHaveAttribute(
      'href',
      paths.recordingText(web.id),
    )
  })
})

it('says that recordings may be missing while a replica does not answer', async () => {
  extra = { away: true }
  await open()
  expect(await screen.findByText(words.away)).toBeVisible()
})

describe('a search', () => {
  const results = () => screen.findByRole('region', { name: en.search.results })
  const queries = () => api.askedFor('GET', searched).map(({ query }) => Object.fromEntries(query))

  it('lists lines instead of recordings, is in the address, and each line leads to its second', async () => {
    api.answer('GET', searched, ndjson(hit, end(null)))
    const { user, address } = await open()
    await user.type(search(), 'panic{Enter}')
    const list = await results()
    const link = await within(list).findByRole('link', {
      name: /web-01.*At 2:00.*Kernel PANIC - not syncing/,
    })
    expect(link).toHaveAttribute('href', `/recordings/${web.id}?q=panic&t=120`)
    expect(within(list).getByText(t('search.ended.all', { count: 1 }))).toBeVisible()
    expect(names()).toEqual([])
    expect(queries()).toEqual([{ q: 'panic' }])
    expect(address()).toBe('/recordings?q=panic')
  })

  it('takes case, regular expressions, a time and a server, and goes on with a cursor', async () => {
    api.answer('GET', searched, ({ query }: Asked) =>
      query.has('before') ? ndjson({ ...hit, line: 3 }, end(null)) : ndjson(hit, end('x.7')),
    )
    const { user, address } = await open('/recordings?q=panic&regex=true&server=id-web')
    await user.click(await within(await results()).findByRole('button', { name: en.search.more }))
    await user.click(screen.getByRole('button', { name: en.search.matchCase }))
    await user.selectOptions(screen.getByRole('combobox', { name: en.search.span }), en.search.spans.hour)
    await user.selectOptions(screen.getByRole('combobox', { name: words.server }), 'db-01')
    const first = { q: 'panic', regex: 'true', server: 'id-web' }
    const from = expect.any(String)
    await expect
      .poll(queries)
      .toEqual([
        first,
        { ...first, before: 'x.7' },
        { ...first, case: 'true' },
        { ...first, case: 'true', from },
        { ...first, case: 'true', from, server: 'id-db' },
      ])
    expect(address()).toBe('/recordings?q=panic&case=true&regex=true&span=hour&server=id-db')
  })

  it('that finds nothing says what may help, and ends when its field is cleared', async () => {
    api.answer('GET', searched, ndjson({ type: 'progress', scannedBytes: 5, totalBytes: 5 }, end(null)))
    const { user } = await open('/recordings?q=panic&case=true')
    const list = await results()
    expect(await within(list).findByText(t('search.ended.all', { count: 0 }))).toBeVisible()
    expect(within(list).getByText(en.search.hints.case)).toBeVisible()
    await user.clear(search())
    await expect.poll(names).toEqual(['db-01', 'web-01'])
  })

  it('in nothing says so', async () => {
    api.answer('GET', searched, ndjson({ type: 'progress', scannedBytes: 0, totalBytes: 0 }, end(null)))
    await open('/recordings?q=panic')
    expect(await within(await results()).findByText(en.search.hints.nothingKept)).toBeVisible()
  })
})

describe('the filter by server', () => {
  it('narrows the list, and is in the address', async () => {
    const { user, address } = await open()
    const choice = screen.getByRole('combobox', { name: words.server })
    await user.selectOptions(choice, 'db-01')
    await expect.poll(names).toEqual(['db-01'])
    expect(address()).toBe('/recordings?server=id-db')
  })

  it('of which nothing is kept offers all', async () => {
    kept = [web]
    const { user } = await open('/recordings?server=id-db')
    expect(await screen.findByText(words.noMatch)).toBeVisible()
    await user.click(screen.getByRole('button', { name: words.clear }))
    await expect.poll(names).toEqual(['web-01'])
  })

  it('comes from the address', async () => {
    await open('/recordings?server=id-db')
    await expect.poll(names).toEqual(['db-01'])
    expect(screen.getByRole('combobox', { name: words.server })).toHaveDisplayValue('db-01')
  })
})

describe('pages', () => {
  it('go to older recordings and back', async () => {
    extra = { hasMore: true }
    const { user, address } = await open()
    expect(screen.getByRole('button', { name: words.previous })).toBeDisabled()
    await user.click(screen.getByRole('button', { name: words.next }))
    expect(await screen.findByText(t('recordings.page', { page: 2 }))).toBeVisible()
    expect(address()).toBe('/recordings?page=2')
    await user.click(screen.getByRole('button', { name: words.previous }))
    await expect.poll(address).toBe('/recordings')
  })

  it('are not offered where one holds all', async () => {
    await open()
    expect(screen.queryByRole('navigation', { name: words.pages })).toBeNull()
  })
})

describe('deleting', () => {
  const remove = (name: string) => screen.getByRole('button', { name: t('recordings.deleteOf', { name }) })
  const deletions = () => api.askedFor('DELETE', paths.recording(db.id))

  it('is asked about first, and the list is read anew', async () => {
    api.on('DELETE', paths.recording(db.id), () => {
      kept = [web]
      return { status: 204, body: undefined }
    })
    const { user } = await open()
    await user.click(remove('db-01'))
    const dialog = screen.getByRole('dialog', { name: words.deleteTitle })
    expect(dialog).toHaveAccessibleDescription(/recording of db-01 from Mar 1, 2026/)
    await user.click(within(dialog).getByRole('button', { name: en.shell.cancel }))
    expect(deletions()).toEqual([])
    await waitFor(() => expect(remove('db-01')).toHaveFocus())
    await user.click(remove('db-01'))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: words.delete }))
    await expect.poll(names).toEqual(['web-01'])
    expect(deletions()).toHaveLength(1)
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('that was refused says why, and the question stays', async () => {
    api.fail('DELETE', paths.recording(db.id), { cause: 'recording-kept' }, 403)
    const { user } = await open()
    await user.click(remove('db-01'))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: words.delete }))
    expect(await within(screen.getByRole('dialog')).findByRole('alert')).toHaveTextContent(
      en.causes['recording-kept'].title,
    )
    expect(names()).toHaveLength(2)
  })

  it('is not offered where the policy keeps them, nor while one is being made', async () => {
    kept = [{ ...web, state: 'recording' }]
    await open()
    expect(screen.queryByRole('button', { name: /^Delete/ })).toBeNull()
  })

  it('is not offered to who may not', async () => {
    kept = [{ ...db, mayDelete: false }, web]
    await open()
    expect(names()).toHaveLength(2)
    const buttons = screen.getAllByRole('button', { name: /^Delete/ })
    expect(buttons).toHaveLength(1)
    expect(buttons[0]).toHaveAccessibleName(/web-01/)
  })
})

describe('an empty list', () => {
  it('says what to expect', async () => {
    kept = []
    await open()
    expect(await screen.findByText(words.none)).toBeVisible()
    expect(screen.getByText(words.noneNext)).toBeVisible()
    expect(screen.queryByRole('button', { name: words.clear })).toBeNull()
  })
})

describe('a failure', () => {
  it.each(['recordings-off', 'role-forbids'] as const)('has its words and next step: %s', async (cause) => {
    api.fail('GET', paths.recordings({}), { cause }, 403)
    await open()
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(en.causes[cause].title)
    expect(alert).toHaveTextContent(en.causes[cause].next)
    expect(screen.getByRole('button', { name: en.shell.tryAgain })).toBeVisible()
  })
})
