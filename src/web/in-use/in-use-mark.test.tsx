import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { OpenConsole } from '../../shared/open-consoles.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { InUseMark } from './in-use-mark.tsx'

let api: FakeApi
beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-04T12:00:00Z'), shouldAdvanceTime: true })
  api = new FakeApi()
})
afterEach(() => void vi.useRealTimers())

const console = (change: Partial<OpenConsole> = {}): OpenConsole => ({
  serverId: 'web-1',
  session: 'session-1',
  writer: 'Ada',
  yours: false,
  viewers: 1,
  since: '2026-03-04T11:48:00Z',
  ...change,
})
const answer = (...consoles: OpenConsole[]) =>
  api.answer('GET', paths.openConsoles(), { consoles, known: true, links: [] })
const asked = () => api.askedFor('GET', paths.openConsoles()).length
const show = () =>
  draw(
    <>
      <InUseMark serverId="web-1" />
      <InUseMark serverId="db-1" />
    </>,
  )

describe('the mark', () => {
  it('names who has the keyboard, since when, and how many others there are, of this server only', async () => {
    answer(console({ viewers: 3 }))
    await show()
    const marks = await screen.findAllByText(t('inUse.by', { name: 'Ada' }))
    expect(marks).toHaveLength(1)
    expect(marks[0]?.title).toMatch(/^In use by Ada since \d+:48 .?M\. 2 other viewers are on it\.$/)
  })

  it('says that it is the reader, and that nobody else is there', async () => {
    answer(console({ yours: true }))
    await show()
    expect((await screen.findByText(en.inUse.you)).title).toMatch(/No one else is on this console\.$/)
  })

  it('counts those who are there while nobody has the keyboard, and says the day where it was another', async () => {
    answer(console({ writer: null, viewers: 2, since: '2026-02-28T11:48:00Z' }))
    await show()
    const mark = await screen.findByText(t('inUse.nobody', { viewers: 2 }))
    expect(mark.title).toMatch(/^2 viewers since Feb 28, 2026, .*No one has the keyboard\.$/)
  })

  it('says of a direct line who opened it, and that nobody can see whether it is still up', async () => {
    const link = { serverId: 'web-1', name: 'Ada', yours: false, since: '2026-03-04T11:48:00Z' }
    api.answer('GET', paths.openConsoles(), { consoles: [], known: false, links: [link] })
    const { unmount } = await show()
    const mark = await screen.findByText(t('inUse.opened', { name: 'Ada' }))
    expect(mark.title).toMatch(
      /^Opened by Ada at .*direct line. Whether it's still open can't be seen from here\.$/,
    )
    unmount()
    api.answer('GET', paths.openConsoles(), { consoles: [], known: false, links: [{ ...link, yours: true }] })
    await show()
    expect(await screen.findByText(en.inUse.openedYou)).toBeVisible()
  })

  it('comes and goes: the server is asked every ten seconds for all marks together, and not by a hidden page', async () => {
    answer()
    await show()
    await expect.poll(asked).toBe(1)
    expect(screen.queryByText(/In use/)).toBeNull()
    answer(console())
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(asked()).toBe(2)
    expect(await screen.findByText(t('inUse.by', { name: 'Ada' }))).toBeVisible()
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    answer()
    await act(() => vi.advanceTimersByTimeAsync(30_000))
    expect(asked()).toBe(2)
    visibility.mockRestore()
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(asked()).toBe(3)
    expect(screen.queryByText(/In use/)).toBeNull()
  })
})
