import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { Power } from './power.tsx'
import PowerOn from './power-on.tsx'

const words = { ...en.powering, ...en.power }

const on = testServer({ name: 'web-1' })
const off = testServer({ name: 'web-1', status: 'stopped', power: 'off' })

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
    .answer('POST', paths.power(on.id), { job: null })
    .answer('GET', paths.server(on.id), { server: on })
})

async function open(server: Server) {
  const announce = vi.fn<(sentence: string) => void>()
  const { user } = await draw(<Power server={server} announce={announce} />)
  const button = screen.getByRole('button', { name: t('power.of', { name: server.name }) })
  await user.click(button)
  await screen.findByRole('menu')
  return {
    user,
    announce,
    button: () => screen.getByRole('button', { name: t('power.of', { name: on.name }) }),
  }
}

const item = (action: keyof typeof words.actions) =>
  screen.getByRole('menuitem', { name: new RegExp(`^${words.actions[action]}`) })
const accepted = (action: keyof typeof words.actions) =>
  t('powering.accepted', { action: words.actions[action] })
const asked = () => api.askedFor('POST', paths.power(on.id)).map(({ body }) => body)

describe('what makes no sense now is off, with the reason', () => {
  const disabled = 'aria-disabled'

  it('of a server that is on', async () => {
    await open(on)
    expect(item('power-on')).toHaveAttribute(disabled, 'true')
    expect(item('power-on')).toHaveTextContent(words.obstacles['already-on'])
    for (const action of ['reboot', 'hard-reboot', 'power-off'] as const)
      expect(item(action)).not.toHaveAttribute(disabled)
  })

  it('of a server that is off', async () => {
    await open(off)
    expect(item('power-off')).toHaveTextContent(words.obstacles['already-off'])
    expect(item('reboot')).toHaveTextContent(words.obstacles['powered-off'])
    expect(item('hard-reboot')).toHaveTextContent(words.obstacles['powered-off'])
    expect(item('power-on')).not.toHaveAttribute(disabled)
  })

  it.each<[keyof typeof words.obstacles, Partial<Server>]>([
    ['building', { status: 'building' }],
    ['locked', { locked: true }],
    ['deleted', { status: 'deleted' }],
    ['task-under-way', { task: 'powering-off' }],
  ])('of a server in a state that allows nothing: %s', async (why, state) => {
    await open({ ...on, ...state })
    for (const each of screen.getAllByRole('menuitem')) {
      expect(each).toHaveAttribute(disabled, 'true')
      expect(each).toHaveTextContent(words.obstacles[why])
    }
  })

  it('for a role that may not in the project of this server, whatever it may in another', async () => {
    api.signedIn('admin')
    await open({ ...on, role: 'viewer' })
    for (const each of screen.getAllByRole('menuitem')) {
      expect(each).toHaveAttribute(disabled, 'true')
      expect(each).toHaveTextContent(words.roleForbids)
    }
  })

  it('for a role that may not', async () => {
    api.signedIn('viewer')
    await open(on)
    expect(screen.getAllByRole('menuitem')).toHaveLength(4)
    for (const each of screen.getAllByRole('menuitem')) {
      expect(each).toHaveAttribute(disabled, 'true')
      expect(each).toHaveTextContent(words.roleForbids)
    }
  })
})

describe('the menu', () => {
  it('opened by a key has its first item in focus, and gives the focus back', async () => {
    const { user } = await draw(<Power server={off} announce={() => {}} />)
    await user.tab()
    await user.keyboard('{ArrowDown}')
    await expect
      .poll(() => document.activeElement)
      .toBe(await screen.findByRole('menuitem', { name: words.actions['power-on'] }))
    await user.keyboard('{Escape}')
    await expect.poll(() => screen.queryByRole('menu')).toBeNull()
    await waitFor(() =>
      expect(screen.getByRole('button', { name: t('power.of', { name: on.name }) })).toHaveFocus(),
    )
  })
})

describe('powering on', () => {
  it('loses nothing, so it is not asked about, and is told once the cloud has accepted it', async () => {
    const { user, announce } = await open(off)
    await user.click(item('power-on'))
    await expect.poll(() => announce.mock.calls).toEqual([[accepted('power-on')]])
    expect(asked()).toEqual([{ action: 'power-on' }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe.each(['reboot', 'hard-reboot', 'power-off'] as const)('%s', (action) => {
  const title = t('powering.ask', { action: words.actions[action], name: on.name })
  const lost = t(`powering.lost.${action}`)

  it('says what is lost, and is asked for when that is confirmed', async () => {
    const { user, announce } = await open(on)
    await user.click(item(action))
    const dialog = screen.getByRole('dialog', { name: title })
    expect(dialog).toHaveAccessibleDescription(lost)
    expect(asked()).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: words.actions[action] }))
    await expect.poll(() => announce.mock.calls).toEqual([[accepted(action)]])
    expect(asked()).toEqual([{ action }])
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('a question', () => {
  it('that is not confirmed changes nothing', async () => {
    const { user, announce, button } = await open(on)
    await user.click(item('power-off'))
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: en.shell.cancel }))
    expect(screen.queryByRole('dialog')).toBeNull()
    await waitFor(() => expect(button()).toHaveFocus())
    expect(asked()).toEqual([])
    expect(announce).not.toHaveBeenCalled()
  })

  it('gives the focus to the terminal where it stands over one', async () => {
    const onFocus = vi.fn()
    const { user } = await draw(<Power server={on} announce={() => {}} onFocus={onFocus} />)
    await user.click(screen.getByRole('button', { name: t('power.of', { name: on.name }) }))
    await user.click(await screen.findByRole('menuitem', { name: new RegExp(`^${words.actions.reboot}`) }))
    onFocus.mockClear()
    await user.click(screen.getByRole('button', { name: en.shell.cancel }))
    expect(onFocus).toHaveBeenCalledOnce()
  })
})

describe('what the cloud did not confirm', () => {
  it.each([
    ['cloud-unreachable', en.causes['cloud-unreachable'].title],
    ['no-permission', words.noPermission],
    ['server-busy', en.causes['server-busy'].title],
  ] as const)('is said, with what to do: %s', async (cause, why) => {
    api.fail('POST', paths.power(on.id), { cause })
    const { user, announce } = await open(off)
    await user.click(item('power-on'))
    const alert = await screen.findByRole('alert')
    expect(screen.getByRole('dialog')).toContainElement(alert)
    expect(
      within(alert).getByRole('heading', {
        name: t('powering.notAccepted', { action: words.actions['power-on'] }),
      }),
    ).toBeVisible()
    expect(alert).toHaveTextContent(why)
    expect(alert).toHaveTextContent(words.lookFirst)
    expect(announce).not.toHaveBeenCalled()
    // It is not tried again by itself: it may have been done all the same.
    expect(asked()).toHaveLength(1)
  })
})

describe('the button that powers on', () => {
  const draws = async (server: Server) => {
    const announce = vi.fn<(sentence: string) => void>()
    const onFocus = vi.fn<() => void>()
    const { user } = await draw(<PowerOn server={server} announce={announce} onFocus={onFocus} />)
    const button = screen.getByRole('button', { name: words.actions['power-on'] })
    return { user, announce, onFocus, button }
  }

  it('asks the cloud at once, and tells when it has accepted', async () => {
    const { user, announce, onFocus, button } = await draws(off)
    await user.click(button)
    await expect.poll(() => announce.mock.calls).toEqual([[accepted('power-on')]])
    expect(asked()).toEqual([{ action: 'power-on' }])
    expect(onFocus).toHaveBeenCalled()
  })

  it('says why the cloud did not take it', async () => {
    api.fail('POST', paths.power(on.id), { cause: 'server-busy', detail: 'Locked by a task.' })
    const { user, button } = await draws(off)
    await user.click(button)
    const dialog = await screen.findByRole('dialog')
    expect(dialog).toHaveTextContent(en.causes['server-busy'].title)
    expect(dialog).toHaveTextContent('Locked by a task.')
    expect(asked()).toHaveLength(1)
  })

  it.each<[string, Server, string]>([
    ['for a role that may not', testServer({ ...off, role: 'viewer' }), words.roleForbids],
    ['while the cloud is at it', { ...off, task: 'powering-on' }, words.obstacles['task-under-way']],
  ])('is off with the reason %s', async (_, server, why) => {
    const { button } = await draws(server)
    expect(button).toBeDisabled()
    expect(button).toHaveAccessibleDescription(why)
    expect(screen.getByText(why)).toBeVisible()
  })
})
