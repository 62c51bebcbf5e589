import { screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { PowerForMany } from './power-for-many.tsx'
import { PowerHost } from './power-host.tsx'
import { ServerPower } from './server-power.tsx'

const words = { ...en.powering, ...en.power }
const web = testServer({ id: 'web', name: 'web' })
const db = testServer({ id: 'db', name: 'db' })
const off = testServer({ id: 'off', name: 'off', status: 'stopped', power: 'off' })
let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
  for (const server of [web, db, off]) {
    api.answer('POST', paths.power(server.id), { job: 'job-1' })
    api.answer('GET', paths.powerJob(server.id, 'job-1'), { state: 'running' })
    api.answer('GET', paths.server(server.id), { server })
  }
})

async function open(servers: Server[]) {
  const { user } = await draw(
    <>
      <PowerForMany servers={servers} />
      <PowerHost />
    </>,
  )
  await user.click(screen.getByRole('button', { name: words.title }))
  await screen.findByRole('menu')
  return user
}

const item = (action: keyof typeof words.actions) =>
  screen.getByRole('menuitem', { name: new RegExp(`^${words.actions[action]}`) })
const names = (list: string) =>
  within(screen.getByRole('list', { name: list }))
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent)
const asked = () => api.asked.flatMap(({ method, path }) => (method === 'POST' ? [path] : []))

describe('a selection', () => {
  it('is told in the menu how many of its servers each action is for', async () => {
    await open([web, db, off])
    expect(item('reboot')).toHaveTextContent(t('powering.ableOf', { able: 2, count: 3 }))
    expect(item('power-on')).toHaveTextContent(t('powering.ableOf', { able: 1, count: 3 }))
    expect(screen.queryByRole('menuitem', { name: new RegExp(words.actions.nmi) })).toBeNull()
  })

  it('is named before anything is done, and those that are left out with the reason', async () => {
    const user = await open([web, db, off])
    await user.click(item('reboot'))
    const action = words.actions.reboot
    const dialog = await screen.findByRole('dialog', { name: t('powering.askMany', { action, count: 2 }) })
    expect(dialog).toHaveAccessibleDescription(words.lost.reboot)
    expect(names(words.servers)).toEqual(['web', 'db'])
    expect(names(t('powering.skipped', { count: 1 }))).toEqual([`off ${words.obstacles['powered-off']}`])
    expect(asked()).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: t('powering.doMany', { action, count: 2 }) }))
    await expect.poll(asked).toEqual([paths.power('web'), paths.power('db')])
    await expect
      .poll(() => names(words.servers))
      .toEqual([`web ${words.steps.running}`, `db ${words.steps.running}`])
  })

  it('that has nothing for an action is told why, and offers nothing to confirm', async () => {
    const user = await open([off])
    await user.click(item('power-off'))
    const action = words.actions['power-off']
    const dialog = await screen.findByRole('dialog', { name: t('powering.noneAble', { action }) })
    expect(dialog).toHaveTextContent(words.obstacles['already-off'])
    expect(
      within(dialog)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual([words.close])
  })

  it('tells of a cloud that forces every reboot', async () => {
    api.about({ power: { forced: true, nmi: false } })
    const user = await open([web, db])
    await user.click(item('reboot'))
    expect(await screen.findByRole('dialog')).toHaveAccessibleDescription(words.forced.reboot)
  })
})

describe('partial failure', () => {
  it('has a reason for each, and asks again for the failed only', async () => {
    api.fail('POST', paths.power('db'), { cause: 'no-permission', permission: 'bms:servers:action' }, 403)
    const user = await open([web, db])
    await user.click(item('reboot'))
    const action = words.actions.reboot
    await user.click(await screen.findByRole('button', { name: t('powering.doMany', { action, count: 2 }) }))
    const refused = t('powering.steps.refused', { why: words.noPermission })
    await expect.poll(() => names(words.servers)[0]).toContain(refused)
    expect(names(words.servers)[0]).toContain('bms:servers:action')
    const again = screen.getByRole('button', { name: t('powering.again', { count: 1 }) })
    await user.click(again)
    expect(
      await screen.findByRole('dialog', { name: t('powering.ask', { action, name: 'db' }) }),
    ).toBeVisible()
    expect(asked()).toEqual([paths.power('web'), paths.power('db')])
    // The other one goes on, and is still told of.
    await user.click(screen.getByRole('button', { name: en.shell.cancel }))
    expect(
      screen.getByRole('button', {
        name: new RegExp(`^${action}: .*${t('powering.summary.failed', { count: 1 })}`),
      }),
    ).toBeVisible()
  })

  it('says that nobody knows, where nobody does', async () => {
    api.fail('POST', paths.power('web'), { cause: 'cloud-timeout' }, 504)
    const user = await open([web])
    await user.click(item('hard-reboot'))
    await user.click(await screen.findByRole('button', { name: words.actions['hard-reboot'] }))
    const unheard = t('powering.steps.unheard', { why: en.causes['cloud-timeout'].title })
    await expect.poll(() => names(words.servers)[0]).toContain(unheard)
    expect(names(words.servers)[0]).toContain(words.lookFirst)
  })
})

describe('the dialog', () => {
  it('can be closed: a note goes on telling, and leads back', async () => {
    const user = await open([web, db])
    await user.click(item('power-off'))
    const action = words.actions['power-off']
    await user.click(await screen.findByRole('button', { name: t('powering.doMany', { action, count: 2 }) }))
    await user.click(await screen.findByRole('button', { name: words.leave }))
    expect(screen.queryByRole('dialog')).toBeNull()
    const note = screen.getByRole('button', {
      name: `${action}: ${t('powering.summary.done', { done: 0, count: 2 })}`,
    })
    await user.click(note)
    expect(await screen.findByRole('dialog')).toBeVisible()
  })
})

describe('the actions on a server’s page', () => {
  it('say why one makes no sense now, and ask before any other', async () => {
    api.about({ power: { forced: false, nmi: true } })
    const { user } = await draw(
      <>
        <ServerPower server={web} />
        <PowerHost />
      </>,
    )
    const button = (action: keyof typeof words.actions) =>
      screen.getByRole('button', { name: t('powering.askFirst', { action: words.actions[action] }) })
    expect(button('power-on')).toBeDisabled()
    expect(button('power-on')).toHaveAccessibleDescription(words.obstacles['already-on'])
    await waitFor(() => expect(button('nmi')).toBeEnabled())
    await user.click(button('nmi'))
    const dialog = await screen.findByRole('dialog', { name: t('powering.askNmi', { name: 'web' }) })
    expect(dialog).toHaveAccessibleDescription(words.lost.nmi)
    await user.click(within(dialog).getByRole('button', { name: words.actions.nmi }))
    expect(api.askedFor('POST', paths.power('web')).map(({ body }) => body)).toEqual([{ action: 'nmi' }])
    await expect.poll(() => names(words.servers)).toEqual([`web ${words.steps.sent}`])
  })
})
