import type { Page } from '@playwright/test'
import type { Words } from '../../src/testing/web/languages.ts'
import { expect, serverId } from '../stack.ts'

// The states of the list, of a server's page, and of the pages beside them, and what brings a page into each.

/** What it takes to bring a page into a state */
interface Scene {
  page: Page
  words: Words
  /** The window is a phone's: filters are in a sheet, columns cannot be chosen. */
  narrow: boolean
}

export interface State {
  name: string
  /** A menu is open. */
  menu?: boolean
  show: (scene: Scene) => Promise<void>
}

const LIST = /\/api\/servers\/list/
const SERVER = /\/api\/servers\/5a1d/

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const row = (page: Page, name = 'web-fra-01') => page.getByRole('link', { name, exact: true })
const addressOf = (name: string, rest = '') => `/servers/${serverId(name)}${rest}`

/** The list with all that comes after its rows */
async function list({ page, words }: Scene, address = '/'): Promise<void> {
  await page.goto(address)
  await expect(page.getByRole('grid')).toBeVisible()
  await expect(page.getByRole('group', { name: words.views.group })).toBeVisible()
  await expect(page.getByRole('group', { name: words.facets.filters })).toBeVisible()
}

/** Answers as our server does when it cannot do what it is asked. */
async function fails(page: Page, path: RegExp, status: number, cause: string): Promise<void> {
  await page.route(path, (route) =>
    route.fulfill({ status, json: { error: { cause, detail: 'connect ETIMEDOUT 192.0.2.10:443' } } }),
  )
}
const hangs = (page: Page, path: RegExp) => page.route(path, () => {})

/** An answer of the list, line by line */
async function lists(page: Page, ...events: object[]): Promise<void> {
  const body = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  await page.route(LIST, (route) => route.fulfill({ contentType: 'application/x-ndjson', body }))
}

async function select({ page, words }: Scene, ...names: string[]): Promise<void> {
  for (const name of names) {
    const label = words.servers.select.replace('{name}', name)
    await page.getByRole('checkbox', { name: label, exact: true }).click()
  }
  await expect(page.getByRole('region', { name: words.list.selection })).toBeVisible()
}

const listStates: State[] = [
  { name: 'list', show: (scene) => list(scene) },
  {
    name: 'list-favourites',
    async show(scene) {
      const { page, words } = scene
      await list(scene)
      for (const name of ['db-fra-01', 'batch-ams-07', 'edge-muc-03']) {
        await row(page, name).focus()
        await page.keyboard.press('f')
      }
      await expect(page.getByRole('list', { name: words.views.quick })).toBeVisible()
    },
  },
  {
    name: 'list-views-menu',
    menu: true,
    async show(scene) {
      const { page, words } = scene
      await list(scene, '/?power=on')
      await page.getByRole('button', { name: words.views.views, exact: true }).click()
      await expect(page.getByRole('menuitem', { name: words.views.all })).toBeVisible()
    },
  },
  {
    name: 'list-filters',
    async show(scene) {
      const { page, words, narrow } = scene
      await list(scene, '/?power=on')
      if (narrow) {
        await page.getByRole('button', { name: new RegExp(`^${words.facets.filter} ?1$`) }).click()
        await expect(page.getByRole('dialog')).toBeVisible()
      } else {
        await page.getByRole('group', { name: words.facets.filters }).getByRole('button').first().click()
        await expect(page.getByRole('dialog').or(page.getByRole('menu'))).toBeVisible()
      }
    },
  },
  {
    name: 'list-selection',
    async show(scene) {
      await list(scene)
      await select(scene, 'web-fra-01', 'db-fra-01')
    },
  },
  {
    name: 'list-selection-one',
    async show(scene) {
      await list(scene)
      await select(scene, 'web-fra-01')
    },
  },
  {
    name: 'list-power-many',
    async show(scene) {
      const { page, words } = scene
      await list(scene)
      await select(scene, 'web-fra-01', 'db-fra-01', 'build-fra-02')
      await page
        .getByRole('region', { name: words.list.selection })
        .getByRole('button', { name: words.power.title, exact: true })
        .click()
      await page.getByRole('menuitem').nth(1).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'list-palette',
    async show(scene) {
      const { page, words } = scene
      await list(scene)
      await page.getByRole('button', { name: words.pages.goTo }).click()
      await page.getByRole('combobox').fill('fra')
      await expect(page.getByRole('option', { name: /web-fra-01/ })).toBeVisible()
    },
  },
  {
    name: 'list-columns',
    async show(scene) {
      const { page, words, narrow } = scene
      await list(scene)
      if (narrow) return
      await page.getByRole('button', { name: words.servers.columns }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'list-loading',
    async show({ page, words }) {
      await hangs(page, LIST)
      await page.goto('/')
      await expect(heading(page, words.servers.title)).toBeVisible()
    },
  },
  {
    name: 'list-failing',
    async show({ page }) {
      await fails(page, LIST, 502, 'cloud-unreachable')
      await page.goto('/')
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'list-forbidden',
    async show({ page }) {
      await fails(page, LIST, 403, 'no-permission')
      await page.goto('/')
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'list-empty',
    async show({ page, words }) {
      await lists(page, { type: 'begin', whole: true, total: 0 }, { type: 'end', version: '1' })
      await page.goto('/')
      await expect(heading(page, words.list.empty.none.title)).toBeVisible()
    },
  },
  {
    name: 'list-partly',
    async show({ page, words }) {
      await lists(
        page,
        { type: 'begin', whole: true, total: 0 },
        { type: 'missing', missing: [{ where: 'eu-de_lab', failure: { cause: 'no-permission' } }] },
        { type: 'end', version: '1' },
      )
      await page.goto('/')
      await expect(heading(page, words.list.empty.partly.title)).toBeVisible()
    },
  },
  {
    name: 'list-no-match',
    async show({ page, words }) {
      await page.goto('/?q=nothing+like+this&power=on')
      await expect(
        heading(page, words.list.empty.both.title.replace('{query}', 'nothing like this')),
      ).toBeVisible()
    },
  },
  {
    name: 'list-no-favourites',
    async show({ page, words }) {
      await page.goto('/?only=favourites')
      await expect(heading(page, words.views.noFavourites)).toBeVisible()
    },
  },
]

const serverStates: State[] = [
  {
    name: 'server',
    async show({ page, words }) {
      await page.goto(addressOf('db-fra-01'))
      await expect(heading(page, words.server.sections.api)).toBeVisible()
      await expect(
        page.getByRole('region', { name: words.server.sections.console, exact: true }),
      ).toBeVisible()
    },
  },
  {
    name: 'server-power',
    async show({ page, words }) {
      await page.goto(addressOf('db-fra-01'))
      await page.getByRole('button', { name: `${words.power.actions.reboot}…`, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'server-loading',
    async show({ page }) {
      await hangs(page, SERVER)
      await page.goto(addressOf('db-fra-01'))
      await expect(page.getByRole('status').first()).toBeAttached()
    },
  },
  {
    name: 'server-failing',
    async show({ page }) {
      await fails(page, SERVER, 504, 'cloud-timeout')
      await page.goto(addressOf('db-fra-01'))
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'server-not-found',
    async show({ page }) {
      await page.goto('/servers/none')
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    },
  },
  {
    name: 'history-empty',
    async show({ page, words }) {
      await page.goto(addressOf('build-fra-02', '/history'))
      await expect(heading(page, words.history.nothing)).toBeVisible()
    },
  },
]

const otherStates: State[] = [
  {
    name: 'recordings-empty',
    async show({ page, words }) {
      await page.goto('/recordings')
      await expect(heading(page, words.recordings.none)).toBeVisible()
    },
  },
  {
    name: 'recordings-loading',
    async show({ page, words }) {
      await hangs(page, /\/api\/recordings/)
      await page.goto('/recordings')
      await expect(heading(page, words.recordings.title)).toBeVisible()
    },
  },
  {
    name: 'recordings-failing',
    async show({ page }) {
      await fails(page, /\/api\/recordings/, 404, 'recordings-off')
      await page.goto('/recordings')
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'audit-no-match',
    async show({ page, words }) {
      await page.goto('/audit?user=nobody')
      await expect(heading(page, words.audit.noMatch)).toBeVisible()
    },
  },
  {
    name: 'audit-failing',
    async show({ page }) {
      await fails(page, /\/api\/audit/, 500, 'internal')
      await page.goto('/audit')
      await expect(page.getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'search-idle',
    async show({ page, words }) {
      await page.goto('/search')
      await expect(heading(page, words.search.all.begin)).toBeVisible()
    },
  },
  {
    name: 'search-none',
    async show({ page }) {
      await page.goto('/search?q=zzzz')
      await expect(page.getByRole('status').filter({ hasText: /./ }).first()).toBeVisible()
    },
  },
]

export const states: readonly State[] = [...listStates, ...serverStates, ...otherStates]
