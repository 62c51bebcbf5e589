import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const { user: words, pages } = en

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
    .answer('GET', paths.servers(), { servers: [], missing: [] })
    .answer('POST', paths.signOut(), { continueAt: null })
})

async function openMenu() {
  const page = await openPage('/')
  await page.user.click(await screen.findByRole('button', { name: t('user.menuOf', { name: 'Ada' }) }))
  return { ...page, menu: await screen.findByRole('menu') }
}

const item = (name: string | RegExp) => screen.getByRole('menuitem', { name })
const missing = (name: string | RegExp) => expect(screen.queryByRole('menuitem', { name })).toBeNull()
const signOuts = () => api.askedFor('POST', paths.signOut()).map(({ body }) => body)
const everywhere = new RegExp(`^${words.signOutEverywhere}`)

describe('a role', () => {
  it.each([
    ['viewer', false, false],
    ['operator', true, false],
    ['admin', true, true],
  ] as const)(
    '%s is named, with what it may do and the pages that it has',
    async (role, recordings, audit) => {
      api.signedIn(role)
      const { menu } = await openMenu()
      expect(menu).toHaveTextContent(words.roles[role])
      expect(menu).toHaveTextContent(words.may[role])
      expect(screen.queryByRole('menuitem', { name: pages.recordings }) !== null).toBe(recordings)
      expect(screen.queryByRole('menuitem', { name: pages.audit }) !== null).toBe(audit)
      missing(new RegExp(pages.projects))
    },
  )
})

describe('pages', () => {
  it('without recordings have none', async () => {
    api.about({ recordings: 'off', log: false })
    await openMenu()
    missing(pages.recordings)
    missing(pages.search)
  })

  it('of projects are offered with how many are chosen, and know the way back', async () => {
    api.signedIn('operator', { projects: [{ key: 'k', name: 'shop', region: null }] })
    api.hang('GET', paths.signInProjects())
    const { user, address } = await openMenu()
    expect(item(new RegExp(pages.projects))).toHaveTextContent(t('pages.chosen', { count: 1 }))
    await user.click(item(new RegExp(pages.projects)))
    await expect.poll(address).toBe('/projects?to=%2F')
  })
})

describe('signing out', () => {
  it('is offered only where somebody signed in', async () => {
    api.signedIn('admin', { maySignOut: false })
    await openMenu()
    missing(words.signOut)
    missing(everywhere)
  })

  it('ends this browser’s sign-in and leads to the sign-in page', async () => {
    const { user } = await openMenu()
    api.signedOut()
    await user.click(item(words.signOut))
    expect(await screen.findByRole('heading', { name: en.signIn.title })).toBeVisible()
    expect(signOuts()).toEqual([{ everywhere: false }])
  })

  it('everywhere is asked about first', async () => {
    const { user } = await openMenu()
    await user.click(item(everywhere))
    const dialog = screen.getByRole('dialog', { name: words.everywhereTitle })
    expect(dialog).toHaveAccessibleDescription(words.everywhereWarning)
    await user.click(within(dialog).getByRole('button', { name: en.shell.cancel }))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(signOuts()).toEqual([])
    await waitFor(() =>
      expect(screen.getByRole('button', { name: t('user.menuOf', { name: 'Ada' }) })).toHaveFocus(),
    )

    await user.click(screen.getByRole('button', { name: t('user.menuOf', { name: 'Ada' }) }))
    await user.click(item(everywhere))
    api.signedOut()
    await user.click(screen.getByRole('button', { name: words.signOutEverywhere }))
    expect(await screen.findByRole('heading', { name: en.signIn.title })).toBeVisible()
    expect(signOuts()).toEqual([{ everywhere: true }])
  })

  it('that did not work says that one is still signed in, and is tried again', async () => {
    const { user } = await openMenu()
    api.fail('POST', paths.signOut(), { cause: 'cloud-timeout' })
    await user.click(item(words.signOut))
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent(words.stillSignedIn)
    expect(alert).toHaveTextContent(words.stillSignedInNext)
    api.answer('POST', paths.signOut(), { continueAt: null }).signedOut()
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: words.signOut }))
    expect(await screen.findByRole('heading', { name: en.signIn.title })).toBeVisible()
    expect(signOuts()).toEqual([{ everywhere: false }, { everywhere: false }])
  })
})

describe('the looks', () => {
  it('are changed to the other theme', async () => {
    const { user } = await openMenu()
    const other = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'
    await user.click(item(t('shell.theme', { theme: en.shell[other] })))
    expect(document.documentElement.dataset.theme).toBe(other)
  })

  it('are spoken in the other language', async () => {
    const { user } = await openMenu()
    missing('English')
    await user.click(item('Deutsch'))
    await expect.poll(() => document.documentElement.lang).toBe('de')
    expect(await screen.findByRole('heading', { name: 'Server' })).toBeVisible()
  })
})
