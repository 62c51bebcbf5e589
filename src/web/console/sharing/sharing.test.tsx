import { act, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Viewer, ViewerMay } from '../../../shared/relay-protocol.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { viewer } from '../../../testing/web/fake-line.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import type { OpenConsole } from '../use-console.ts'
import { Sharing } from './sharing.tsx'
import { useNews } from './use-news.ts'

const { console: words, sharing } = en

beforeEach(() => void new FakeApi())

const everything: ViewerMay = { write: true, record: true, end: false }

/** On a shared line. We are the first viewer. @param writer the number of the viewer who has the keyboard */
async function shared(writer: number | null, viewers: Viewer[], may = everything) {
  const console = openConsole()
  const { user } = await draw(<Sharing open={console.open} name="web-1" />)
  await console.shared()
  const { connection } = console.line
  await act(async () => {
    connection.joins({ may }).hasViewers(writer, ...viewers)
  })
  const openMenu = async () => {
    await user.click(screen.getByRole('button', { name: t('console.viewers', { count: viewers.length }) }))
    return screen.findByRole('menu')
  }
  return { ...console, user, connection, openMenu }
}

const items = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent)

function News({ open, announce }: { open: OpenConsole; announce: (sentence: string) => void }) {
  useNews(open.session, announce)
  return null
}

describe('the list of viewers', () => {
  it('is not there for a viewer who is alone with the keyboard', async () => {
    await shared(1, [viewer(1)])
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('names who opened the line, who has the keyboard, and which is you', async () => {
    const { openMenu } = await shared(2, [viewer(1), viewer(2), viewer(3, { mayWrite: false })])
    const menu = await openMenu()
    expect(menu).toHaveTextContent(
      new RegExp(`${t('console.you', { name: 'Person 1' }).replace(/[()]/g, '\\$&')}\\s*${sharing.owner}`),
    )
    expect(menu).toHaveTextContent(new RegExp(`Person 2\\s*${words.hasKeyboard}`))
    expect(menu).toHaveTextContent(new RegExp(`Person 3\\s*${sharing.watches}`))
    expect(menu).toHaveAccessibleDescription(expect.stringContaining('Person 3'))
  })

  it('tells namesakes and the tabs of one person apart', async () => {
    const ada = { name: 'Ada', number: 2 }
    const { openMenu } = await shared(1, [
      viewer(1, { name: 'Bob' }),
      viewer(2, { ...ada, tab: 1 }),
      viewer(2, { ...ada, id: 'other', tab: 2 }),
      viewer(3, { name: 'Bob' }),
    ])
    const menu = await openMenu()
    for (const name of ['Bob 1 (you)', 'Ada, tab 1', 'Ada, tab 2', 'Bob 3'])
      expect(menu).toHaveTextContent(name)
  })
})

describe('the keyboard', () => {
  it('is taken from the viewer who has it, and the terminal has the focus again', async () => {
    const { openMenu, user, connection, focus } = await shared(2, [viewer(1, { owner: false }), viewer(2)])
    await openMenu()
    const take = t('sharing.takeFrom', { name: 'Person 2' })
    expect(items()).toEqual([take])
    await user.click(screen.getByRole('menuitem', { name: take }))
    expect(connection.told).toEqual([{ type: 'take' }])
    await expect.poll(() => focus.mock.calls.length).toBeGreaterThan(0)
  })

  it('is taken by a viewer who was left alone without it', async () => {
    const { openMenu, user, connection } = await shared(null, [viewer(1)])
    await openMenu()
    await user.click(screen.getByRole('menuitem', { name: words.takeKeyboard }))
    expect(connection.told).toEqual([{ type: 'take' }])
    await act(async () => void connection.hasViewers(1, viewer(1)))
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('is released', async () => {
    const { openMenu, user, connection } = await shared(1, [viewer(1), viewer(2)])
    await openMenu()
    await user.click(screen.getByRole('menuitem', { name: sharing.releaseKeyboard }))
    expect(connection.told).toEqual([{ type: 'release' }])
  })

  it('is handed over, but not to a viewer who can only watch', async () => {
    const { openMenu, user, connection } = await shared(1, [
      viewer(1, { owner: false }),
      viewer(2, { owner: true }),
      viewer(3, { mayWrite: false }),
    ])
    await openMenu()
    expect(screen.queryByRole('menuitem', { name: /Person 3/ })).toBeNull()
    const name = t('sharing.handTo', { name: `Person 2 (${sharing.owner})` })
    await user.click(screen.getByRole('menuitem', { name }))
    expect(connection.told).toEqual([{ type: 'hand', viewer: 'viewer-2' }])
  })

  it('cannot be taken by a role that only watches, which reads why', async () => {
    const { openMenu } = await shared(2, [viewer(1, { owner: false }), viewer(2)], {
      write: false,
      record: false,
      end: false,
    })
    await openMenu()
    const [take, ...others] = screen.getAllByRole('menuitem')
    expect(take).toHaveAttribute('aria-disabled', 'true')
    expect(take).toHaveTextContent(words.watchOnly)
    expect(others).toEqual([])
  })
})

describe('ending it for everyone', () => {
  it.each<[string, boolean, ViewerMay, boolean]>([
    ['the viewer who opened it', true, everything, true],
    ['an admin', false, { ...everything, end: true }, true],
    ['no other viewer', false, everything, false],
    ['no viewer that may only watch, though it came first', true, { ...everything, write: false }, false],
  ])('is offered to %s', async (_, owner, may, offered) => {
    const { openMenu } = await shared(2, [viewer(1, { owner }), viewer(2)], may)
    await openMenu()
    expect(items().includes(sharing.endForAll)).toBe(offered)
  })

  it('asks first, and says for how many', async () => {
    const { openMenu, user, connection, focus, session } = await shared(1, [viewer(1), viewer(2)])
    await openMenu()
    await user.click(screen.getByRole('menuitem', { name: sharing.endForAll }))
    const dialog = await screen.findByRole('dialog', { name: sharing.endTitle })
    expect(dialog).toHaveAccessibleDescription(t('sharing.endWarning', { others: 1, name: 'web-1' }))
    await user.click(within(dialog).getByRole('button', { name: en.shell.cancel }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(connection.told).toEqual([])
    expect(focus).toHaveBeenCalled()

    await openMenu()
    await user.click(screen.getByRole('menuitem', { name: sharing.endForAll }))
    await user.click(await screen.findByRole('button', { name: sharing.end }))
    expect(connection.told).toEqual([{ type: 'end' }])
    expect(session.getSnapshot().endedForAll).toBe(true)
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('a recording', () => {
  it('is marked, also for a viewer who is alone', async () => {
    const { connection } = await shared(1, [viewer(1)])
    await act(async () => void connection.relays({ type: 'recording', on: true, mayChange: true }))
    expect(screen.getByTitle(words.recordingTitle)).toHaveTextContent(words.recording)
    await act(async () => void connection.relays({ type: 'recording', on: false, mayChange: true }))
    expect(screen.queryByTitle(words.recordingTitle)).toBeNull()
  })
})

describe('news', () => {
  it('are one sentence each', async () => {
    const console = openConsole()
    const announce = vi.fn<(sentence: string) => void>()
    await draw(<News open={console.open} announce={announce} />)
    await console.shared()
    const { connection } = console.line
    const both = [viewer(1), viewer(2)]
    for (const [writer, viewers] of [
      [1, [viewer(1)]],
      [1, both],
      [2, both],
      [1, both],
      [null, both],
      [2, both],
      [2, [viewer(2)]],
    ] as const) {
      await act(async () => void connection.hasViewers(writer, ...viewers))
    }
    await act(async () => void connection.relays({ type: 'recording', on: true, mayChange: true }))
    await act(async () => void connection.relays({ type: 'recording', on: false, mayChange: true }))
    expect(announce.mock.calls.flat()).toEqual([
      t('console.news.joined', { viewer: 'Person 2' }),
      t('console.news.taken', { viewer: 'Person 2' }),
      words.news.yours,
      words.news.free,
      t('console.news.theirs', { viewer: 'Person 2' }),
      t('console.news.left', { viewer: 'Person 1' }),
      words.news.recorded,
      words.news['not-recorded'],
    ])
  })
})
