import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { RecordingList } from '../../shared/recording.ts'
import { type Asked, FakeApi } from '../../testing/web/fake-api.ts'
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
  reason: null,
  found: null,
  project: null,
  mayDelete: true,
}
const db: Recording = {
  ...web,
  id: '5a1d0c01-0000-4000-8000-000000000002',
  serverId: 'id-db',
  serverName: 'db-01',
  state: 'interrupted',
  lostBytes: 7,
}
const servers = [
  { id: 'id-db', name: 'db-01' },
  { id: 'id-web', name: 'web-01' },
]
const match = { second: 120, before: 'Kernel ', match: 'PANIC', after: ' - not syncing' }

let api: FakeApi
/** What the list holds. It is searched and narrowed as the server does. */
let kept: Recording[]
let extra: Partial<RecordingList>

beforeEach(() => {
  kept = [db, web]
  extra = {}
  api = new FakeApi().answer('GET', paths.recordings({}), ({ query }: Asked): RecordingList => {
    const [q, server] = [query.get('q'), query.get('server')]
    const page = Number(query.get('page') ?? 1)
    const recordings = kept
      .filter(({ serverId }) => server === null || serverId === server)
      .filter(({ serverName }) => q === null || (q === 'panic' && serverName === 'web-01'))
      .map((each) => ({ ...each, found: q === null ? null : { matches: [match], more: true } }))
    return { recordings, page, hasMore: false, complete: true, servers, ...extra }
  })
})

const names = () => screen.queryAllByRole('rowheader').map(({ textContent }) => textContent)
const open = async (path = '/recordings') => {
  const page = await openPage(path)
  await screen.findByRole('heading', { name: words.title })
  await expect.poll(() => screen.queryByText(`${words.loading}…`)).toBeNull()
  return page
}
const search = () => screen.getByRole('searchbox', { name: words.search })
const asked = () => api.askedFor('GET', paths.recordings({})).map(({ query }) => query.toString())

describe('a row', () => {
  it('says what was recorded, when, by whom and how it ended', async () => {
    await open()
    const row = screen.getByRole('row', { name: /web-01/ })
    for (const fact of ['3:00', 'night shift', words.states.complete, t('sizes.kib', { size: '2' })])
      expect(row).toHaveTextContent(fact)
    const cut = screen.getByRole('row', { name: /db-01/ })
    expect(cut).toHaveTextContent(words.states.interrupted)
    expect(cut).toHaveTextContent(t('recordings.lost', { count: 7 }))
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

describe('a search', () => {
  it('is asked once the typing pauses, is in the address, and each match leads to its second', async () => {
    const { user, address } = await open()
    await user.type(search(), 'panic')
    await expect.poll(names).toEqual(['web-01'])
    expect(asked()).toEqual(['page=1', 'q=panic&page=1'])
    expect(address()).toBe('/recordings?q=panic')
    const found = screen.getByRole('link', { name: '2:00 Kernel PANIC - not syncing' })
    expect(found).toHaveAttribute('href', `/recordings/${web.id}?q=panic&t=120`)
    expect(screen.getByRole('link', { name: words.more })).toHaveAttribute(
      'href',
      `/recordings/${web.id}?q=panic`,
    )
  })

  it('begins with Enter at once, and is cleared', async () => {
    const { user, address } = await open('/recordings?server=id-db')
    await user.type(search(), 'panic{Enter}')
    expect(await screen.findByText(words.noMatch)).toBeVisible()
    await user.click(screen.getByRole('button', { name: words.clear }))
    await expect.poll(names).toEqual(['db-01', 'web-01'])
    expect(search()).toHaveValue('')
    expect(address()).toBe('/recordings')
  })

  it('that ran out of time says so', async () => {
    extra = { complete: false }
    await open('/recordings?q=panic')
    expect(await screen.findByText(words.incomplete)).toBeVisible()
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
    expect(screen.queryByRole('navigation')).toBeNull()
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
