import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { LogPage, LogRow, LogSummary } from '../../shared/line-log.ts'
import { testServer } from '../../testing/server.ts'
import { type Asked, FakeApi } from '../../testing/web/fake-api.ts'
import { layOut } from '../../testing/web/layout.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const words = en.history
const id = 'id-db'
const time = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString()
const line = (index: number): LogRow => ({
  type: 'line',
  offset: index * 10,
  end: index * 10 + 10,
  time: time(index),
  text: `line ${index}`,
})
const mark: LogRow = {
  type: 'mark',
  offset: 1000,
  time: time(100),
  mark: { kind: 'power', action: 'reboot', by: 'Ada' },
}

let api: FakeApi
let lines: number
let summary: LogSummary

/** The server's pages of lines of 10 bytes each */
function answer({ query }: Asked): LogPage {
  const limit = Number(query.get('limit'))
  const [from, before] = ['from', 'before'].map((name) => query.get(name))
  const boot = query.has('boot') ? 500 : null
  const start = from ?? boot
  const first =
    start !== null && start !== undefined
      ? Number(start) / 10
      : Math.max(0, (before ? Number(before) / 10 : lines) - limit)
  const last = before ? Number(before) / 10 : Math.min(lines, first + limit)
  const rows = Array.from({ length: last - first }, (_, index) => line(first + index))
  const atEnd = last === lines
  return {
    rows: atEnd && lines === 100 ? [...rows, mark] : rows,
    before: first > 0 ? first * 10 : null,
    after: last * 10,
    atEnd,
  }
}

beforeEach(() => {
  lines = 100
  summary = {
    start: 0,
    end: 1000,
    firstTime: time(0),
    lastTime: time(100),
    boots: [
      { offset: 500, time: time(50), ended: null },
      { offset: 0, time: time(0), ended: 'panic' },
    ],
    moreBoots: false,
    marks: [],
  }
  api = new FakeApi()
    .answer('GET', paths.server(id), { server: testServer({ id, name: 'db-fra-01' }) })
    .answer('GET', paths.lineLog(id), () => summary)
    .answer('GET', `${paths.lineLog(id)}/lines`, answer)
  layOut()
})

const open = (search = '') => openPage(`/servers/${id}/history${search}`)
const log = () => screen.findByRole('region', { name: words.log })
const asked = () =>
  api.askedFor('GET', `${paths.lineLog(id)}/lines`).map(({ query }) => Object.fromEntries(query))

it('says that a part may be missing, and where, while a replica does not answer', async () => {
  summary = { ...summary, away: true }
  lines = 10
  const gap: LogRow = {
    type: 'mark',
    offset: 100,
    time: time(10),
    mark: { kind: 'gap', lostBytes: 2000, away: true },
  }
  api.answer('GET', paths.lineLogLines(id, {}), (asked: Asked) => {
    const page = answer(asked)
    return { ...page, rows: [...page.rows, gap] }
  })
  await open()
  expect(await screen.findByText(words.away)).toBeVisible()
  expect(await screen.findByText(/missing here/)).toBeVisible()
})

it('lists the boots that are found, and goes on for older ones', async () => {
  const [newest, oldest] = summary.boots
  const found = (boots: typeof summary.boots, moreBoots: boolean) => ({ ...summary, boots, moreBoots })
  const answers = [found([], true), found(newest ? [newest] : [], true)]
  api.answer(
    'GET',
    paths.lineLog(id),
    () => answers.shift() ?? found(newest && oldest ? [newest, oldest] : [], false),
  )
  await open()
  const list = await screen.findByRole('navigation', { name: words.boots })
  expect(await within(list).findByText(words.moreBoots, { exact: false })).toBeVisible()
  await expect.poll(() => within(list).queryAllByRole('listitem'), { timeout: 5_000 }).toHaveLength(2)
  expect(within(list).queryByText(words.moreBoots, { exact: false })).toBeNull()
})

describe('the log', () => {
  it('opens at its end, with times, marks and days', async () => {
    await open()
    const box = await log()
    expect(await within(box).findByText('line 99')).toBeVisible()
    expect(
      within(box).getByText(t('history.marks.power', { action: en.power.actions.reboot, by: 'Ada' })),
    ).toBeVisible()
    expect(within(box).queryByText('line 0')).toBeNull()
    expect(
      await screen.findByRole('heading', { name: t('history.titleOf', { name: 'db-fra-01' }) }),
    ).toBeVisible()
    expect(screen.getByRole('button', { name: words.toEnd })).toBeDisabled()
    box.scrollTop = 0
    expect(await within(box).findByText('line 0')).toBeVisible()
    expect(within(box).getByText(words.begin)).toBeVisible()
    expect(screen.getByRole('button', { name: words.toEnd })).toBeEnabled()
  })

  it('opens at the newest boot, and shows where it began', async () => {
    await open('?boot=last')
    const box = await log()
    expect(await within(box).findByText('line 50')).toBeVisible()
    expect(await within(box).findByText(words.boot)).toBeVisible()
    expect(asked()[0]).toMatchObject({ boot: 'last' })
  })

  it('opens at an offset, and marks its line', async () => {
    await open('?from=300')
    const box = await log()
    const found = await within(box).findByText('line 30')
    expect(found.closest('[data-target]')).not.toBeNull()
  })

  it('reads older lines as they come near, and what was in view stays there', async () => {
    lines = 5000
    await open('?from=20000')
    const box = await log()
    await within(box).findByText('line 2000')
    await expect.poll(() => asked().some(({ before }) => before === '20000')).toBe(true)
    // 500 older rows came above.
    await expect.poll(() => box.scrollTop).toBeGreaterThan(499 * 22)
  })

  it('goes back to the end', async () => {
    lines = 5000
    const { user, address } = await open('?from=100')
    const box = await log()
    await within(box).findByText('line 10')
    await user.click(screen.getByRole('button', { name: words.toEnd }))
    await expect.poll(address).toBe(`/servers/${id}/history`)
    expect(await within(await log()).findByText('line 4999')).toBeVisible()
  })
})

describe('boots', () => {
  it('are listed with their length and end, and lead to their beginning', async () => {
    const { user, address } = await open()
    const list = await screen.findByRole('navigation', { name: words.boots })
    const [newest, oldest] = within(list).getAllByRole('button')
    expect(newest).toHaveTextContent('50 s')
    expect(oldest).toHaveTextContent(`50 s · ${words.ended.panic}`)
    await user.click(newest as HTMLElement)
    await expect.poll(address).toBe(`/servers/${id}/history?from=500`)
    await expect.poll(() => newest).toHaveAttribute('aria-current', 'true')
  })
})

describe('without anything to show', () => {
  it('says that nothing is kept yet', async () => {
    lines = 0
    summary = { start: 0, end: 0, firstTime: null, lastTime: null, boots: [], moreBoots: false, marks: [] }
    await open()
    expect(await screen.findByRole('heading', { name: words.nothing })).toBeVisible()
  })

  it.each(['log-off', 'role-forbids', 'server-not-found'] as const)('says why: %s', async (cause) => {
    api.fail('GET', `${paths.lineLog(id)}/lines`, { cause }, 403)
    await open()
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(en.causes[cause].title)
    expect(screen.queryByRole('link', { name: words.download })).toBeNull()
  })

  it('says why older lines are missing, and tries again when asked', async () => {
    lines = 5000
    api.on('GET', `${paths.lineLog(id)}/lines`, (request) =>
      request.query.has('before')
        ? { status: 503, body: { error: { cause: 'overloaded' } } }
        : { status: 200, body: answer(request) },
    )
    const { user } = await open('?from=20000')
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(en.causes.overloaded.title)
    api.answer('GET', `${paths.lineLog(id)}/lines`, answer)
    await user.click(screen.getByRole('button', { name: words.tryAgain }))
    await expect.poll(() => screen.queryByRole('alert')).toBeNull()
  })
})
