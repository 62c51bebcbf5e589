import { act, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import { noPreferences } from '../../shared/preferences.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { BROWSER_KEY } from '../preferences/browser-place.ts'
import { doneLately } from './done-lately.ts'
import { paletteDoor } from './palette-door.ts'

const { palette: words } = en
const web = testServer({ id: 'id-web', name: 'web-1' })
const db = testServer({
  id: 'id-db',
  name: 'db-1',
  addresses: [{ address: '192.168.10.21', version: 4, kind: 'fixed', mac: null }],
})
const erp = testServer({
  id: 'id-erp',
  name: 'erp-win-1',
  os: { windowsConsole: false, family: 'windows', image: null },
})

let api: FakeApi
afterEach(() => {
  paletteDoor.close()
  doneLately.forget()
})
beforeEach(() => {
  api = new FakeApi()
  api.answer('GET', paths.servers(), { servers: [web, db, erp], missing: [] })
})

async function open(path = '/') {
  const page = await openPage(path)
  await screen.findByRole('link', { name: web.name })
  await page.user.click(screen.getByRole('button', { name: en.pages.goTo }))
  const field = await screen.findByRole('combobox', { name: words.placeholder }, { timeout: 10_000 })
  return { ...page, field }
}
const option = (name: string | RegExp) => screen.getByRole('option', { name })
const gone = () => expect.poll(() => screen.queryByRole('dialog', { name: words.title })).toBeNull()

describe('the palette', () => {
  it('has what was typed before it had loaded, and gives the focus back to where it was', async () => {
    const { user } = await openPage('/')
    await screen.findByRole('link', { name: web.name })
    const button = screen.getByRole('button', { name: en.pages.goTo })
    button.focus()
    act(paletteDoor.open)
    const waiting = screen.queryByRole('textbox', { name: en.pages.goTo })
    expect(waiting).toHaveFocus()
    fireEvent.change(waiting ?? button, { target: { value: 'we' } })
    const field = await screen.findByRole('combobox', { name: words.placeholder }, { timeout: 10_000 })
    expect(field).toHaveFocus()
    await user.keyboard('b-1')
    expect(field).toHaveValue('web-1')
    await user.keyboard('{Escape}')
  })

  it('goes to a page', async () => {
    api.answer('GET', '/api/recordings', { recordings: [], pages: 1, servers: [] })
    const { user, field, address } = await open()
    await user.type(field, 'recor{Enter}')
    await expect.poll(address).toBe('/recordings')
    await gone()
  })

  it('opens the console of the server that is found by any fact', async () => {
    const { user, field, address } = await open()
    await user.type(field, '10.21')
    expect(option(/db-1/)).toBeVisible()
    expect(screen.queryByRole('option', { name: /web-1/ })).toBeNull()
    await user.keyboard('{Enter}')
    await expect.poll(address).toBe('/servers/id-db/console')
  })

  it('leads to the page of a server without a console, which says why', async () => {
    api.hang('GET', paths.server('id-erp'))
    const { user, field, address } = await open()
    await user.type(field, 'erp{Enter}')
    await expect.poll(address).toBe('/servers/id-erp')
  })

  it('leads to a server’s page by what can be done with it', async () => {
    api.hang('GET', paths.server('id-db'))
    const { user, field, address } = await open()
    await user.type(field, 'db-1{ArrowRight}')
    await user.type(await screen.findByRole('combobox'), 'server page{Enter}')
    await expect.poll(address).toBe('/servers/id-db')
    await gone()
  })

  it('goes up and down, round the ends, and chooses what is marked', async () => {
    api.answer('GET', '/api/recordings', { recordings: [], pages: 1, servers: [] })
    const { user, address } = await open()
    const marked = () => screen.getByRole('option', { selected: true }).textContent
    expect(marked()).toBe(words.refresh)
    await user.keyboard('{ArrowDown}')
    expect(marked()).toBe(en.pages.servers)
    await user.keyboard('{ArrowUp}{ArrowUp}')
    expect(marked()).toBe(screen.getAllByRole('option').at(-1)?.textContent)
    await user.keyboard('{Home}')
    expect(marked()).toBe(words.refresh)
    await user.type(screen.getByRole('combobox'), 'k?')
    // They are letters here: neither moves the mark, nor opens the sheet of keys.
    expect(screen.getByRole('combobox')).toHaveValue('k?')
    expect(screen.queryByRole('dialog', { name: en.list.keys })).toBeNull()
    await user.clear(screen.getByRole('combobox'))
    await user.type(screen.getByRole('combobox'), 'recor{Enter}')
    await expect.poll(address).toBe('/recordings')
  })

  it('has what can be done with one server behind it, and the way back', async () => {
    const { user, field } = await open()
    await user.type(field, 'db-1{ArrowRight}')
    const actions = await screen.findByRole('combobox', {
      name: t('palette.placeholderOf', { name: 'db-1' }),
    })
    expect(actions).toHaveFocus()
    expect(option(new RegExp(words.copyId))).toHaveTextContent('id-db')
    const on = option(new RegExp(`^${en.power.actions['power-on']}`))
    expect(on).toHaveAttribute('aria-disabled', 'true')
    expect(on).toHaveTextContent(en.powering.obstacles['already-on'])
    await user.keyboard('{Backspace}')
    expect(await screen.findByRole('combobox', { name: words.placeholder })).toHaveValue('')
  })

  it('asks before it ends what a server does', async () => {
    const { user, field } = await open()
    await user.type(field, 'db-1{ArrowRight}')
    await user.type(await screen.findByRole('combobox'), 'force{Enter}')
    const question = await screen.findByRole('dialog', undefined, { timeout: 10_000 })
    expect(question).toHaveTextContent('db-1')
    expect(api.askedFor('POST', paths.power('id-db'))).toEqual([])
  })

  it('changes the theme, and says what matches nothing', async () => {
    const { user, field } = await open()
    await user.type(field, 'zzz')
    expect(screen.getByText(t('palette.nothing', { query: 'zzz' }))).toBeVisible()
    await user.clear(field)
    await user.type(field, 'theme{Enter}')
    await expect.poll(() => document.documentElement.dataset.theme).toBe('dark')
    await gone()
  })

  it('is closed by its key and by Escape', async () => {
    const { user } = await open()
    await user.keyboard('{Control>}k{/Control}')
    await gone()
    await user.keyboard('{Control>}k{/Control}')
    const dialog = await screen.findByRole('dialog', { name: words.title })
    dialog.dispatchEvent(new Event('cancel', { cancelable: true }))
    await gone()
  })

  /** The servers whose consoles were opened in this browser, the latest first */
  const opened = (...recent: string[]) =>
    localStorage.setItem(
      BROWSER_KEY,
      JSON.stringify({ version: '1', preferences: { ...noPreferences, recent } }),
    )
  const options = () =>
    within(screen.getByRole('listbox'))
      .getAllByRole('option')
      .map(({ textContent }) => textContent ?? '')

  it('has the servers that were opened lately before all else, then actions, then pages', async () => {
    opened('id-db', 'id-gone', 'id-web')
    const { user, address } = await open()
    await screen.findByRole('group', { name: words.recent })
    expect(options().slice(0, 4)).toEqual([
      expect.stringContaining('db-1'),
      expect.stringContaining('web-1'),
      words.refresh,
      expect.stringContaining(en.pages.servers),
    ])
    // Enter alone leads back to the last one.
    await user.keyboard('{Enter}')
    await expect.poll(address).toBe('/servers/id-db/console')
  })

  it('marks the last server also where what was opened is read after it has opened', async () => {
    api.answer('GET', '/api/recordings', { recordings: [], pages: 1, servers: [] })
    const { user } = await openPage('/recordings')
    opened('id-db')
    await user.keyboard('{Control>}k{/Control}')
    const last = await screen.findByRole('option', { name: /db-1/ }, { timeout: 10_000 })
    await expect.poll(() => last.getAttribute('aria-selected')).toBe('true')
  })

  it('puts a server that was opened lately before others that match', async () => {
    opened('id-web')
    const { user, field } = await open()
    await screen.findByRole('group', { name: words.recent })
    await user.type(field, '-1')
    expect(options()[0]).toContain('web-1')
    expect(options().filter((text) => text.includes('-1'))).toHaveLength(3)
  })

  it('has what was done with it lately behind these, the latest first, as long as the page lives', async () => {
    opened('id-db')
    api.answer('GET', '/api/recordings', { recordings: [], pages: 1, servers: [] })
    const { user, field, address } = await open()
    await user.type(field, 'refresh{Enter}')
    await gone()
    await user.keyboard('{Control>}k{/Control}')
    await screen.findByRole('dialog', { name: words.title })
    await user.keyboard('recor{Enter}')
    await expect.poll(address).toBe('/recordings')
    await user.keyboard('{Control>}k{/Control}')
    const group = await screen.findByRole('group', { name: words.lately })
    const entries = within(group).getAllByRole('option')
    expect(entries.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining(en.pages.recordings),
      words.refresh,
    ])
    expect(options()[0]).toContain('db-1')
    expect(options().filter((text) => text === words.refresh)).toHaveLength(1)
  })

  it('has pages and settings before a letter is typed, and no servers', async () => {
    await open()
    expect(within(screen.getByRole('listbox')).queryByRole('option', { name: /web-1/ })).toBeNull()
    expect(option(en.pages.audit)).toBeVisible()
  })
})
