import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { paths } from '../shared/api.ts'
import { FakeApi } from '../testing/web/fake-api.ts'
import { openPage } from '../testing/web/render.tsx'
import { en } from './locales/en.ts'

const { shell: words } = en

it('a page that does not exist says so, and leads to the list', async () => {
  new FakeApi().answer('GET', paths.servers(), { servers: [], missing: [] })
  const { user, address } = await openPage('/nowhere')
  expect(screen.getByRole('heading', { name: words.notFound })).toBeVisible()
  expect(screen.getByText(words.notFoundNext)).toBeVisible()
  expect(document.title).toBe(`${words.notFound} · BMS Console`)
  await user.click(screen.getByRole('link', { name: words.toList }))
  expect(await screen.findByRole('heading', { name: en.servers.title })).toBeVisible()
  expect(address()).toBe('/')
})

it('the first Tab offers to skip to the content', async () => {
  new FakeApi().answer('GET', paths.servers(), { servers: [], missing: [] })
  const { user } = await openPage('/')
  await screen.findByRole('heading', { name: en.servers.title })
  await user.tab()
  const skip = screen.getByRole('link', { name: words.skip })
  await waitFor(() => expect(skip).toHaveFocus())
  expect(document.querySelector(skip.getAttribute('href') ?? '')).toBe(screen.getByRole('main'))
})
