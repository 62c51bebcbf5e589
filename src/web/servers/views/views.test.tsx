import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../../shared/api.ts'
import { noPreferences, type Preferences, type VersionedPreferences } from '../../../shared/preferences.ts'
import { testServer } from '../../../testing/server.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openPage } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { BROWSER_KEY } from '../../preferences/browser-place.ts'

const servers = [
  testServer({ id: 'id-web', name: 'web-1', zone: 'zone-b' }),
  testServer({ id: 'id-db', name: 'db-1', zone: 'zone-a', status: 'stopped', power: 'off' }),
  testServer({ id: 'id-gpu', name: 'gpu-1', zone: 'zone-a' }),
]

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
  api.answer('GET', paths.servers(), { servers, missing: [] })
})

const prefers = (change: Partial<Preferences>) =>
  localStorage.setItem(
    BROWSER_KEY,
    JSON.stringify({ version: '1', preferences: { ...noPreferences, ...change } }),
  )
const kept = (): Preferences => JSON.parse(localStorage.getItem(BROWSER_KEY) ?? '{}').preferences
const names = () =>
  screen.getAllByRole('rowheader').map((row) => row.querySelector('[data-name]')?.textContent)
const star = (name: string) => screen.findByRole('button', { name: t('servers.favourite', { name }) })
const part = (name: 'favourites' | 'recent') =>
  screen.findByRole('button', { name: new RegExp(`^${t(`views.${name}`)}`) })
/** What is kept has been read. */
const read = async () => waitFor(async () => expect(await part('favourites')).toHaveTextContent(/\d/))
const ways = async () =>
  within(await screen.findByRole('list', { name: t('views.quick') }))
    .getAllByRole('link')
    .map((link) => link.textContent)

/** It comes into view in a frame of its own. */
async function expectToast(words: string) {
  const toast = (await screen.findByText(words)).closest('li')
  await waitFor(() => expect(toast).toBeVisible())
  return toast
}

describe('favourites', () => {
  it('are set by a star, come first, and are kept', async () => {
    const { user } = await openPage('/')
    await user.click(await star('db-1'))
    expect(await star('db-1')).toHaveAttribute('aria-pressed', 'true')
    expect(await ways()).toEqual([`db-1, ${t('views.isFavourite')}`])
    await waitFor(() => expect(kept().favourites).toEqual(['id-db']))
    await user.click(await star('db-1'))
    await waitFor(() => expect(kept().favourites).toEqual([]))
  })

  it('are set by a key at a row, which is said', async () => {
    const { user } = await openPage('/')
    await star('web-1')
    await read()
    await user.keyboard('jf')
    await waitFor(() => expect(kept().favourites).toEqual(['id-web']))
    expect(screen.getByText(t('views.added', { name: 'web-1' }))).toBeInTheDocument()
    // No row has moved.
    expect(names()).toEqual(['web-1', 'db-1', 'gpu-1'])
  })

  it('are a part of the list, which one can search, and a row that is none any more stays there', async () => {
    prefers({ favourites: ['id-gone', 'id-gpu', 'id-db'] })
    const { user, address } = await openPage('/')
    await user.click(await part('favourites'))
    await waitFor(() => expect(names()).toEqual(['gpu-1', 'db-1']))
    expect(await part('favourites')).toHaveTextContent('2')
    await expect.poll(address).toBe('/?only=favourites')
    expect(screen.getByText(t('servers.countOf', { found: 2, count: 3 }))).toBeVisible()
    await user.click(await star('gpu-1'))
    await waitFor(() => expect(kept().favourites).toEqual(['id-gone', 'id-db']))
    expect(names()).toEqual(['gpu-1', 'db-1'])
    await user.type(screen.getByRole('searchbox'), 'web')
    expect(await screen.findByRole('heading', { name: t('views.noneMatch') })).toBeVisible()
    await user.click(screen.getByRole('button', { name: t('servers.showAll') }))
    expect(names()).toHaveLength(3)
  })

  it('are said to be none yet, and how one gets there', async () => {
    await openPage('/?only=favourites')
    expect(await screen.findByRole('heading', { name: t('views.noFavourites') })).toBeVisible()
    expect(screen.getByText(t('views.noFavouritesNext'))).toBeVisible()
  })

  it('follow what another tab does', async () => {
    await openPage('/')
    await star('gpu-1')
    prefers({ favourites: ['id-gpu'] })
    window.dispatchEvent(new StorageEvent('storage', { key: BROWSER_KEY }))
    expect(await ways()).toEqual([`gpu-1, ${t('views.isFavourite')}`])
  })

  it('that the browser does not store are shown, and that is said', async () => {
    const { user } = await openPage('/')
    await star('db-1')
    vi.stubGlobal('localStorage', {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    })
    await user.click(await star('db-1'))
    await expectToast(t('views.notStored'))
    expect(await star('db-1')).toHaveAttribute('aria-pressed', 'true')
  })
})

describe('recent servers', () => {
  it('come behind the favourites, the latest first', async () => {
    prefers({ favourites: ['id-web'], recent: ['id-gpu', 'id-web', 'id-gone', 'id-db'] })
    const { user } = await openPage('/')
    expect(await ways()).toEqual([
      `web-1, ${t('views.isFavourite')}`,
      `gpu-1, ${t('views.isRecent')}`,
      `db-1, ${t('views.isRecent')}`,
    ])
    await user.click(await part('recent'))
    await waitFor(() => expect(names()).toEqual(['gpu-1', 'web-1', 'db-1']))
    // An order that a person asks for counts more.
    await user.click(screen.getByRole('button', { name: t('servers.name') }))
    expect(names()).toEqual(['db-1', 'gpu-1', 'web-1'])
  })
})

describe('views', () => {
  const menu = async (open: RegExp | string) => screen.findByRole('button', { name: open })
  const item = (name: string | RegExp) => screen.findByRole('menuitem', { name })

  it('are saved, chosen, updated, renamed and deleted', async () => {
    const { user, address } = await openPage('/?q=db&sort=-zone')
    await user.click(await menu(t('views.views')))
    await user.click(await item(t('views.save')))
    await user.type(screen.getByRole('textbox', { name: t('views.name') }), 'Databases')
    await user.click(screen.getByRole('button', { name: t('views.saveIt') }))
    const [view] = kept().views
    expect(view).toMatchObject({ name: 'Databases', search: { q: 'db', sort: '-zone' } })
    const shown = t('views.view', { name: 'Databases' })
    expect(await menu(shown)).toBeVisible()

    await user.click(await menu(shown))
    await user.click(await item(t('views.all')))
    await expect.poll(address).toBe('/')
    expect(names()).toHaveLength(3)
    await user.click(await menu(t('views.views')))
    await user.click(await item('Databases'))
    await expect.poll(address).toBe('/?q=db&sort=-zone')
    expect(names()).toEqual(['db-1'])

    await user.type(screen.getByRole('searchbox'), '-1')
    await user.click(await menu(t('views.view', { name: t('views.changed', { name: 'Databases' }) })))
    await user.click(await item(t('views.update', { name: 'Databases' })))
    await waitFor(() => expect(kept().views[0]?.search).toEqual({ q: 'db-1', sort: '-zone' }))

    await user.click(await menu(shown))
    await user.click(await item(t('views.manage')))
    const name = screen.getByRole('textbox', { name: t('views.rename', { name: 'Databases' }) })
    await user.clear(name)
    await user.type(name, 'DB{Enter}')
    await waitFor(() => expect(kept().views[0]?.name).toBe('DB'))
    await user.click(await screen.findByRole('button', { name: t('views.delete', { name: 'DB' }) }))
    await waitFor(() => expect(kept().views).toEqual([]))
    await user.click(screen.getByRole('button', { name: t('views.undoFor', { name: 'DB' }) }))
    await waitFor(() => expect(kept().views).toMatchObject([{ id: view?.id, name: 'DB' }]))
  })

  it('of one name are one view', async () => {
    prefers({ views: [{ id: 'v1', name: 'Off', search: { power: 'off' } }] })
    const { user } = await openPage('/?status=stopped')
    await user.click(await menu(t('views.views')))
    await user.click(await item(t('views.save')))
    await user.type(screen.getByRole('textbox', { name: t('views.name') }), 'off')
    expect(screen.getByText(t('views.exists'))).toBeVisible()
    await user.click(screen.getByRole('button', { name: t('views.replace') }))
    await waitFor(() =>
      expect(kept().views).toEqual([{ id: 'v1', name: 'off', search: { status: 'stopped' } }]),
    )
  })
})

describe('where one signs in', () => {
  let server: VersionedPreferences

  beforeEach(() => {
    server = { version: '7', preferences: { ...noPreferences, favourites: ['id-db'] } }
    api.about({ preferences: 'disk' })
    api.answer('GET', paths.preferences(), () => server)
    api.answer('PUT', paths.preferences(), ({ body }: { body: unknown }) => {
      server = { ...(body as VersionedPreferences), version: '8' }
      return { outcome: 'kept', version: '8' }
    })
  })

  it('the server keeps them, and the browser does not', async () => {
    const { user } = await openPage('/')
    expect(await ways()).toEqual([`db-1, ${t('views.isFavourite')}`])
    await user.click(await star('web-1'))
    await waitFor(() => expect(server.preferences.favourites).toEqual(['id-web', 'id-db']))
    expect(localStorage.getItem(BROWSER_KEY)).toBeNull()
  })

  it('says what could not be kept, and tries again', async () => {
    const { user } = await openPage('/')
    await ways()
    const answer = { cause: 'overloaded' } as const
    api.fail('PUT', paths.preferences(), answer)
    await user.click(await star('web-1'))
    const words = t('views.notKept', { why: t('causes.overloaded.title') })
    const toast = await expectToast(words)
    expect(await star('web-1')).toHaveAttribute('aria-pressed', 'true')
    api.answer('PUT', paths.preferences(), ({ body }: { body: unknown }) => {
      server = { ...(body as VersionedPreferences), version: '8' }
      return { outcome: 'kept', version: '8' }
    })
    await user.click(within(toast ?? document.body).getByRole('button', { name: t('shell.tryAgain') }))
    await waitFor(() => expect(server.preferences.favourites).toEqual(['id-web', 'id-db']))
  })

  it('says that they cannot be read, and reads them again', async () => {
    api.fail('GET', paths.preferences(), { cause: 'overloaded' })
    const { user } = await openPage('/?only=favourites')
    expect(await screen.findByRole('heading', { name: t('views.cantTell') })).toBeVisible()
    api.answer('GET', paths.preferences(), () => server)
    await user.click(screen.getByRole('button', { name: t('shell.tryAgain') }))
    await waitFor(() => expect(names()).toEqual(['db-1']))
  })
})
