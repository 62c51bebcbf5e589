import { screen, within } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import { testServer } from '../../../testing/server.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { selectServers } from '../model/select.ts'
import { type ListView, wholeList } from '../model/view.ts'
import FacetBar from './facet-bar.tsx'

const zones = Array.from({ length: 12 }, (_, at) => `zone-${at + 1}`)
const fleet = zones.map((zone, at) =>
  testServer({
    id: `id-${at}`,
    name: `web-${at}`,
    zone,
    power: at < 3 ? 'off' : 'on',
    status: at < 3 ? 'stopped' : 'active',
    tags: at < 2 ? ['env=prod', 'role=web'] : ['env=test'],
  }),
)

function Page({ from = wholeList }: { from?: ListView }) {
  const [view, onView] = useState(from)
  const selected = selectServers(fleet, view)
  return (
    <>
      <FacetBar
        servers={fleet}
        selected={selected}
        choice={view.facets}
        onView={(change) => onView({ ...view, ...change })}
      />
      <p data-testid="found">{selected.rows.map(({ name }) => name).join(' ')}</p>
    </>
  )
}

beforeEach(() => {
  new FakeApi()
})

const button = (name: string) => screen.getByRole('button', { name })
const panel = (name: string) => screen.getByRole('dialog', { name })
const values = (name: string) =>
  within(panel(name))
    .getAllByRole('checkbox')
    .map((box) => box.closest('label')?.textContent)
const value = (name: string) => screen.getByRole('checkbox', { name })
const found = () => screen.getByTestId('found').textContent

describe('the bar', () => {
  it('has a button for each facet that tells servers apart', async () => {
    await draw(<Page />)
    const bar = screen.getByRole('group', { name: t('facets.filters') })
    const names = within(bar)
      .getAllByRole('button')
      .map(({ textContent }) => textContent?.trim())
    expect(names).toEqual(['Status', 'Power', 'Zone', 'Tags', 'Filter'])
  })

  it('opens the values of a facet with their counts, and takes several of them', async () => {
    const { user } = await draw(<Page />)
    await user.click(button('Status'))
    expect(values('Status')).toEqual(['Active9', 'Stopped3'])
    await user.click(value('Stopped 3'))
    expect(found()).toBe('web-0 web-1 web-2')
    // The facet's own choice does not change its counts.
    expect(values('Status')).toEqual(['Active9', 'Stopped3'])
    await user.click(button('Zone'))
    expect(screen.queryByRole('dialog', { name: 'Status' })).toBeNull()
    expect(values('Zone')).toEqual(['zone-11', 'zone-21', 'zone-31'])
    await user.click(value('zone-2 1'))
    await user.click(value('zone-3 1'))
    expect(found()).toBe('web-1 web-2')
    expect(button(t('facets.chosen', { name: 'Zone', count: 2 }))).toHaveAttribute('aria-expanded', 'true')
  })

  it('finds a value among many by its name', async () => {
    const { user } = await draw(<Page />)
    await user.click(button('Zone'))
    const search = screen.getByRole('searchbox', { name: t('facets.find', { name: 'Zone' }) })
    expect(search).toHaveFocus()
    await user.keyboard('E-1')
    expect(values('Zone')).toEqual(['zone-11', 'zone-101', 'zone-111', 'zone-121'])
    await user.keyboard('9')
    expect(within(panel('Zone')).getByText(t('facets.nothing'))).toBeVisible()
  })

  it('needs no mouse', async () => {
    const { user } = await draw(<Page />)
    button('Tags').focus()
    await user.keyboard('{ArrowDown}')
    expect(value('env 12')).toHaveFocus()
    await user.keyboard('{ArrowDown} {ArrowUp}')
    expect(value('env 12')).toHaveFocus()
    expect(found()).toBe('web-0 web-1')
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(button(t('facets.chosen', { name: 'Tags', count: 1 }))).toHaveFocus()
    await user.keyboard('{Enter}')
    // What is chosen comes first.
    expect(values('Tags')[0]).toBe('env=prod2')
    await user.tab({ shift: true })
    await user.tab({ shift: true })
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('closes when a person presses elsewhere', async () => {
    const { user } = await draw(<Page />)
    await user.click(button('Power'))
    await user.click(screen.getByTestId('found'))
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('a chip', () => {
  const facets = { zone: ['zone-1', 'zone-2', 'gone'], power: ['off'] }

  it('says what the list is narrowed by, and takes it away', async () => {
    const { user } = await draw(<Page from={{ ...wholeList, facets }} />)
    const chips = () =>
      within(screen.getByRole('list', { name: t('facets.active') }))
        .getAllByRole('button')
        .map(({ textContent }) => textContent)
    expect(chips()).toEqual(['Power: Off', 'Zone: zone-1', 'Zone: zone-2', 'Zone: gone'])
    await user.click(button(t('facets.remove', { name: 'Zone', value: 'zone-2' })))
    expect(chips()).toEqual(['Power: Off', 'Zone: zone-1', 'Zone: gone'])
    expect(found()).toBe('web-0')
    expect(button(t('facets.remove', { name: 'Zone', value: 'gone' }))).toHaveFocus()
    await user.click(button(t('facets.clearAll')))
    expect(screen.queryByRole('list', { name: t('facets.active') })).toBeNull()
    expect(found()?.split(' ')).toHaveLength(12)
  })

  it('goes with the others of its facet', async () => {
    const { user } = await draw(<Page from={{ ...wholeList, facets }} />)
    await user.click(button(t('facets.chosen', { name: 'Zone', count: 3 })))
    await user.click(button(t('facets.clear')))
    expect(found()).toBe('web-0 web-1 web-2')
    expect(button('Zone')).toHaveFocus()
  })
})

it('has all facets in one sheet where there is no room', async () => {
  const { user } = await draw(<Page />)
  await user.click(button(t('facets.filter')))
  const sheet = await screen.findByRole('dialog', { name: t('facets.filter') })
  await user.click(within(sheet).getByText('Power'))
  await user.click(within(sheet).getByRole('checkbox', { name: 'Off 3' }))
  expect(within(sheet).getByText(t('servers.count', { count: 3 }))).toBeVisible()
  await user.click(within(sheet).getByRole('button', { name: t('facets.show', { count: 3 }) }))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(found()).toBe('web-0 web-1 web-2')
})
