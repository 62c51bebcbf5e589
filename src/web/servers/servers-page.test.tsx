import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths, type ServerList } from '../../shared/api.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openPage } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'

const { servers: words } = en
const { empty } = en.list

const web = testServer({ id: 'id-web', name: 'web-10', zone: 'zone-b' })
const old = testServer({ id: 'id-old', name: 'web-2', zone: 'zone-a', status: 'stopped', power: 'off' })
const db = testServer({
  id: 'id-db',
  name: 'db-1',
  addresses: [{ address: '192.168.10.21', version: 4, kind: 'fixed', mac: null }],
  os: { windowsConsole: false, family: 'linux', image: 'Debian 12' },
  flavor: { name: 'physical.big', vcpus: 64, memoryMiB: 256 * 1024, diskGiB: 960 },
})

let api: FakeApi
const list = (answer: Partial<ServerList>) =>
  api.answer('GET', paths.servers(), { servers: [], missing: [], ...answer })

beforeEach(() => {
  api = new FakeApi()
  list({ servers: [web, old, db] })
})

const names = () =>
  screen.getAllByRole('rowheader').map((row) => row.querySelector('[data-name]')?.textContent)
const ready = () => screen.findByRole('link', { name: db.name })
const search = () => screen.getByRole('searchbox', { name: words.search })

describe('a row', () => {
  it('has what a person knows a server by, and leads to its console', async () => {
    await openPage('/')
    await ready()
    const row = screen.getByRole('row', { name: /db-1/ })
    for (const fact of ['192.168.10.21', 'Debian 12', 'physical.big', '64 CPU · 256 GiB · 960 GiB', 'Active'])
      expect(row).toHaveTextContent(fact)
    expect(screen.getByRole('link', { name: 'db-1' }).getAttribute('href')).toBe('/servers/id-db/console')
    expect(within(screen.getByRole('row', { name: /web-2/ })).getByText(words.statuses.stopped)).toBeVisible()
  })

  it('says whether the line is watched', async () => {
    list({ servers: [web, { ...db, watched: true }] })
    await openPage('/')
    await ready()
    expect(screen.getByRole('row', { name: /db-1/ })).toHaveTextContent(en.watch.watched)
    expect(screen.getByRole('row', { name: /web-10/ })).not.toHaveTextContent(en.watch.watched)
  })

  it('of a Windows server says why there is no console, and leads to what else is known of it', async () => {
    const os = { windowsConsole: false, family: 'windows', image: 'Windows Server 2022' } as const
    list({ servers: [testServer({ id: 'id-erp', name: 'erp-1', os })] })
    await openPage('/')
    const row = await screen.findByRole('row', { name: /erp-1/ })
    expect(within(row).getByText(words.windows)).toBeVisible()
    expect(within(row).getByRole('link').getAttribute('href')).toBe('/servers/id-erp')
  })

  it('of a server whose system is unknown says that a console may be refused', async () => {
    const os = { windowsConsole: false, family: 'unknown', image: null } as const
    list({ servers: [testServer({ name: 'box-1', os })] })
    await openPage('/')
    const row = await screen.findByRole('row', { name: /box-1/ })
    expect(within(row).getByText(words.unknownOs)).toBeVisible()
    expect(within(row).getByRole('link', { name: 'box-1' })).toBeVisible()
  })
})

describe('the search', () => {
  it('is a key away, finds by any fact, is in the address, and is cleared', async () => {
    const { user, address } = await openPage('/')
    await ready()
    await user.keyboard('/')
    await waitFor(() => expect(search()).toHaveFocus())
    await user.keyboard('Debian')
    expect(names()).toEqual(['db-1'])
    expect(screen.getByText(t('servers.countOf', { found: 1, count: 3 }))).toBeVisible()
    await expect.poll(address).toBe('/?q=Debian')

    await user.clear(search())
    await user.type(search(), 'none such')
    expect(
      await screen.findByRole('heading', { name: t('list.empty.search.title', { query: 'none such' }) }),
    ).toBeVisible()
    await user.click(screen.getByRole('button', { name: empty.clear }))
    expect(names()).toHaveLength(3)
    expect(search()).toHaveValue('')
    await expect.poll(address).toBe('/')
  })

  it('keeps what was typed when a person chooses something else at once', async () => {
    const { user, address } = await openPage('/')
    await ready()
    const bar = await screen.findByRole('group', { name: en.facets.filters })
    const zones = within(bar).getByRole('button', { name: words.zone })
    // No time passes between the key and the press.
    fireEvent.change(search(), { target: { value: 'web' } })
    fireEvent.click(zones)
    fireEvent.click(screen.getByRole('checkbox', { name: /^zone-a/ }))
    expect(names()).toEqual(['web-2'])
    await expect.poll(address).toBe('/?zone=zone-a&q=web')
    // The values are counted anew for what was typed.
    await user.clear(search())
    await user.type(search(), 'db')
    await user.click(zones)
    expect(await screen.findByRole('checkbox', { name: 'zone-a 0' })).toBeVisible()
  })

  it('takes a number that was typed into the address for text', async () => {
    await openPage('/?q=21')
    await ready()
    expect(search()).toHaveValue('21')
    expect(names()).toEqual(['db-1'])
  })

  it('comes from the address', async () => {
    await openPage('/?q=debian')
    await ready()
    expect(search()).toHaveValue('debian')
    expect(names()).toEqual(['db-1'])
  })

  it('gets the slash itself where one types', async () => {
    const { user } = await openPage('/')
    await ready()
    await user.type(search(), 'a/b')
    expect(search()).toHaveValue('a/b')
  })
})

describe('a column', () => {
  const heading = () => screen.getByRole('columnheader', { name: words.name })

  it('sorts up, down and not at all, tells a screen reader, and is in the address', async () => {
    const { user, address } = await openPage('/')
    await ready()
    const given = names()
    expect(heading()).toHaveAttribute('aria-sort', 'none')
    const press = () => user.click(within(heading()).getByRole('button'))
    await press()
    expect(heading()).toHaveAttribute('aria-sort', 'ascending')
    expect(names()).toEqual(['db-1', 'web-2', 'web-10'])
    await expect.poll(address).toBe('/?sort=name')
    await press()
    expect(heading()).toHaveAttribute('aria-sort', 'descending')
    expect(names()).toEqual(['web-10', 'web-2', 'db-1'])
    await expect.poll(address).toBe('/?sort=-name')
    await press()
    expect(heading()).toHaveAttribute('aria-sort', 'none')
    expect(names()).toEqual(given)
  })

  it('is sorted as the address says', async () => {
    await openPage('/?sort=-zone')
    await ready()
    expect(screen.getByRole('columnheader', { name: words.zone })).toHaveAttribute('aria-sort', 'descending')
    expect(names()).toEqual(['web-10', 'web-2', 'db-1'])
  })
})

describe('a place', () => {
  const place = (region: string, project: string) => ({
    region,
    project: { id: `id-${project}`, name: project },
  })

  it('is offered where there is a choice, narrows the list, and is undone', async () => {
    list({
      servers: [
        { ...web, ...place('eu-de', 'shop') },
        { ...old, ...place('eu-nl', 'shop') },
        { ...db, ...place('eu-nl', 'lab') },
      ],
    })
    const { user, address } = await openPage('/')
    await ready()
    const filters = await screen.findByRole('group', { name: en.facets.filters })
    expect(within(filters).queryByRole('button', { name: words.places.enterprise })).toBeNull()
    const choose = async (place: string, name: RegExp) => {
      await user.click(within(filters).getByRole('button', { name: place }))
      await user.click(screen.getByRole('checkbox', { name }))
    }
    await choose(words.places.region, /eu-nl/)
    await choose(words.places.project, /shop/)
    expect(names()).toEqual(['web-2'])
    await expect.poll(address).toBe('/?project=id-shop&region=eu-nl')
    expect(screen.getByText(t('servers.countOf', { found: 1, count: 3 }))).toBeVisible()
    await user.click(
      screen.getByRole('button', {
        name: t('facets.remove', { name: words.places.region, value: 'eu-nl' }),
      }),
    )
    expect(names()).toEqual(['web-10', 'web-2'])
  })

  it('and a search that find nothing are cleared one by one, or both', async () => {
    const { user, address } = await openPage('/?q=db&zone=zone-a')
    const title = t('list.empty.both.title', { query: 'db' })
    expect(await screen.findByRole('heading', { name: title })).toBeVisible()
    await user.click(screen.getByRole('button', { name: empty.clear }))
    expect(names()).toEqual(['web-2'])
    await user.type(search(), 'db')
    await user.click(await screen.findByRole('button', { name: words.showAll }))
    expect(names()).toHaveLength(3)
    await expect.poll(address).toBe('/')
  })

  it('that no server is in, as an old address may have it, is said and can be undone', async () => {
    const { user, address } = await openPage('/?region=gone')
    expect(await screen.findByRole('heading', { name: empty.filters.title })).toBeVisible()
    expect(screen.getByText(empty.filters.next)).toBeVisible()
    expect(
      await screen.findByRole('button', {
        name: t('facets.remove', { name: words.places.region, value: 'gone' }),
      }),
    ).toBeVisible()
    await user.click(screen.getByRole('button', { name: words.showAll }))
    expect(names()).toHaveLength(3)
    await expect.poll(address).toBe('/')
  })
})

describe('a list without servers', () => {
  it('says what to expect', async () => {
    list({ servers: [] })
    await openPage('/')
    expect(await screen.findByRole('heading', { name: empty.none.title })).toBeVisible()
    expect(screen.getByText(empty.none.next)).toBeVisible()
    expect(screen.queryByRole('button', { name: empty.clear })).toBeNull()
  })

  it('blames the projects that are missing, and offers to ask again', async () => {
    list({ servers: [], missing: [{ where: 'eu-nl', failure: { cause: 'cloud-timeout' } }] })
    const { user } = await openPage('/?q=web')
    expect(await screen.findByRole('heading', { name: empty.partly.title })).toBeVisible()
    expect(screen.getByRole('alert')).toHaveTextContent('eu-nl')
    // No search hides what is not there.
    expect(screen.queryByRole('button', { name: empty.clear })).toBeNull()
    list({ servers: [web] })
    await user.click(screen.getAllByRole('button', { name: words.refresh }).at(-1) as HTMLElement)
    expect(await screen.findByRole('link', { name: web.name })).toBeVisible()
  })

  it('says that it loads', async () => {
    api.hang('GET', paths.servers())
    await openPage('/')
    expect(await screen.findByText(words.loading)).toBeVisible()
    expect(screen.queryByRole('table')).toBeNull()
  })
})

describe('a refresh while a person points at the rows', () => {
  const cat = testServer({ id: 'id-cat', name: 'cat-1' })

  /** A server goes and another one comes, with the pointer where it was. */
  async function refresh() {
    const { user } = await openPage('/')
    await ready()
    const rows = screen.getByRole('link', { name: old.name }).closest('tbody')
    if (!rows) throw new Error('the rows are in a table')
    fireEvent.pointerEnter(rows)
    list({ servers: [db, cat, web] })
    // By a key, which moves no pointer
    fireEvent.click(screen.getByRole('button', { name: words.refresh }))
    const apply = await screen.findByRole('button', { name: words.apply })
    return { user, apply, rows }
  }

  it('keeps each row in its place and says what waits, which Apply shows', async () => {
    const { apply } = await refresh()
    expect(names()).toEqual(['web-10', 'web-2', 'db-1'])
    expect(screen.getByText(t('servers.waiting', { added: 1, gone: 1 }))).toBeVisible()
    fireEvent.click(apply)
    await expect.poll(names).toEqual(['web-10', 'db-1', 'cat-1'])
    expect(screen.queryByRole('button', { name: words.apply })).toBeNull()
  })

  it('is applied by its key', async () => {
    const { user } = await refresh()
    await user.keyboard('a')
    await expect.poll(names).toEqual(['web-10', 'db-1', 'cat-1'])
  })

  it('is shown by itself once the pointer leaves', async () => {
    const { rows } = await refresh()
    fireEvent.pointerLeave(rows)
    await expect.poll(names).toEqual(['web-10', 'db-1', 'cat-1'])
  })
})

describe('a failure', () => {
  it('is said with its next step, and asked again by a button; what was known stays', async () => {
    const { user } = await openPage('/')
    await ready()
    api.fail('GET', paths.servers(), { cause: 'no-permission', detail: 'Policy does not allow it.' }, 403)
    await user.click(screen.getByRole('button', { name: words.refresh }))
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByRole('heading', { name: en.causes['no-permission'].title })).toBeVisible()
    expect(alert).toHaveTextContent(en.causes['no-permission'].next)
    await user.click(screen.getByText(en.shell.detail))
    expect(screen.getByText('Policy does not allow it.')).toBeVisible()
    expect(names()).toHaveLength(3)

    list({ servers: [web] })
    await user.click(screen.getByRole('button', { name: en.shell.tryAgain }))
    await expect.poll(names).toEqual(['web-10'])
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('of the first answer stands in place of the rows', async () => {
    api.fail(
      'GET',
      paths.servers(),
      { cause: 'no-permission', permission: 'bms:servers:list', code: 'BMS.0033' },
      403,
    )
    const { user } = await openPage('/')
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByRole('heading', { name: en.causes['no-permission'].title })).toBeVisible()
    expect(alert).toHaveTextContent('bms:servers:list')
    expect(screen.getByText('BMS.0033')).toBeInTheDocument()
    list({ servers: [web] })
    await user.click(screen.getByRole('button', { name: en.shell.tryAgain }))
    expect(await screen.findByRole('link', { name: web.name })).toBeVisible()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('of a server that restarts is said as that, and the list comes by itself once it is back', async () => {
    const { user } = await openPage('/')
    await ready()
    api.fail('GET', paths.servers(), { cause: 'proxy-restarting' }, 503)
    await user.click(screen.getByRole('button', { name: words.refresh }))
    const alert = await screen.findByRole('alert')
    expect(within(alert).getByRole('heading', { name: en.causes['proxy-restarting'].title })).toBeVisible()
    expect(names()).toHaveLength(3)
    list({ servers: [web] })
    await expect.poll(names, { timeout: 10_000 }).toEqual(['web-10'])
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('asks the cloud anew when a person opens the page or presses Refresh, and not when it polls', async () => {
    vi.useFakeTimers({
      shouldAdvanceTime: true,
      toFake: ['setTimeout', 'setInterval', 'clearInterval', 'clearTimeout', 'Date'],
    })
    try {
      list({ servers: [web] })
      const { user } = await openPage('/')
      await screen.findByRole('link', { name: web.name })
      await act(() => vi.advanceTimersByTimeAsync(31_000))
      await expect.poll(() => api.askedFor('GET', paths.serverList()).length).toBe(2)
      await user.click(screen.getByRole('button', { name: words.refresh }))
      await expect.poll(() => api.askedFor('GET', paths.serverList()).length).toBe(3)
      const asked = api.askedFor('GET', paths.serverList()).map(({ query }) => Object.fromEntries(query))
      expect(asked).toEqual([{ fresh: 'true' }, { since: 'v1' }, { since: 'v1', fresh: 'true' }])
    } finally {
      vi.useRealTimers()
    }
  })

  it('of a state that the page does not know is shown in the cloud’s own word', async () => {
    list({ servers: [{ ...web, status: 'unknown', cloudStatus: 'PAUSED' }] })
    await openPage('/')
    expect(await screen.findByText('PAUSED')).toBeVisible()
    expect(screen.getByRole('row', { name: /web-10/ })).toHaveTextContent('PAUSED')
  })

  it('of one project leaves the servers of the others, and is named', async () => {
    list({
      servers: [web],
      missing: [
        { where: 'eu-nl', failure: { cause: 'cloud-timeout' } },
        { where: 'eu-ch', failure: { cause: 'no-permission' } },
      ],
    })
    await openPage('/')
    await screen.findByRole('link', { name: web.name })
    const [slow, forbidden] = screen.getAllByRole('alert')
    expect(slow).toHaveTextContent('eu-nl')
    expect(slow).toHaveTextContent(en.causes['cloud-timeout'].title)
    expect(forbidden).toHaveTextContent('eu-ch')
    expect(forbidden).toHaveTextContent(words.mayNotList)
  })

  it('of one project counts down until the cloud is asked for it again', async () => {
    list({ servers: [web], missing: [{ where: 'eu-nl', failure: { cause: 'signed-out', retryAfter: 600 } }] })
    await openPage('/')
    await screen.findByRole('link', { name: web.name })
    expect(screen.getByText(/10:00|9:59/)).toBeVisible()
  })

  it('of a later page leaves the servers before it, and says that some are missing', async () => {
    list({
      servers: [web],
      missing: [{ where: 'eu-nl', failure: { cause: 'list-incomplete', detail: 'Page 2 failed.' } }],
    })
    await openPage('/')
    await screen.findByRole('link', { name: web.name })
    const alert = screen.getByRole('alert')
    expect(alert).toHaveTextContent(words.incomplete.replace('{where}', 'eu-nl'))
    expect(alert).toHaveTextContent(en.causes['list-incomplete'].next)
  })
})

describe('the way back', () => {
  it('leads to the list as it was left, and once more to the whole list', async () => {
    api.hang('GET', '/api/audit')
    const { user, address } = await openPage('/?q=debian')
    await ready()
    const page = (name: string) =>
      within(screen.getByRole('navigation', { name: en.pages.navigation })).getByRole('link', { name })
    expect(page(en.pages.servers)).toHaveAttribute('aria-current', 'page')
    await user.click(page(en.pages.audit))
    await screen.findByRole('heading', { name: en.audit.title })
    await user.click(page(en.pages.servers))
    await expect.poll(address).toBe('/?q=debian')
    await expect.poll(names).toEqual(['db-1'])
    await user.click(page(en.pages.servers))
    await expect.poll(address).toBe('/')
    await expect.poll(names).toHaveLength(3)
  })
})

describe('recordings', () => {
  it('are a link away for who may read them, where there are any', async () => {
    await openPage('/')
    await ready()
    expect(screen.getByRole('link', { name: en.pages.recordings })).toBeVisible()
  })

  it('are no link for a viewer', async () => {
    api.signedIn('viewer')
    await openPage('/')
    await ready()
    expect(screen.queryByRole('link', { name: en.pages.recordings })).toBeNull()
  })
})
