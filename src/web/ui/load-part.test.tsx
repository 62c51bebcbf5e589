import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { en } from '../locales/en.ts'
import { loadPart, missingParts } from './load-part.ts'
import { MissingParts } from './missing-parts.tsx'
import { part } from './part.tsx'

const { shell: words } = en

beforeEach(() => void new FakeApi())
afterEach(() => {
  act(() => missingParts.dismiss())
  for (const added of document.head.querySelectorAll('link, script')) added.remove()
})

/** A part whose file comes or does not. */
function file() {
  const state = { away: true, asked: 0 }
  const load = async () => {
    state.asked += 1
    if (state.away) throw new TypeError('Failed to fetch dynamically imported module')
    return { default: () => <p>The part</p> }
  }
  return { state, load }
}

const told = () => screen.findByRole('alert', undefined, { timeout: 10_000 })

it('a part that does not load leaves the page as it is, is told, and comes when tried again', async () => {
  const { state, load } = file()
  const Part = part(load)
  const { user } = await draw(
    <>
      <p>The rest</p>
      <Part />
      <MissingParts />
    </>,
  )
  expect(await told()).toHaveTextContent(words.missing)
  expect(screen.getByText('The rest')).toBeVisible()
  await user.click(screen.getByRole('button', { name: words.tryAgain }))
  expect(await told()).toHaveTextContent(words.missing)
  state.away = false
  await user.click(screen.getByRole('button', { name: words.tryAgain }))
  expect(await screen.findByText('The part')).toBeVisible()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(state.asked).toBe(3)
})

it('what was told can be put away, and is not tried again then', async () => {
  const { state, load } = file()
  const used = vi.fn()
  const { user } = await draw(<MissingParts />)
  act(() => loadPart(load, used))
  await told()
  await user.click(screen.getByRole('button', { name: words.close }))
  expect(screen.queryByRole('alert')).toBeNull()
  state.away = false
  act(() => missingParts.retry())
  expect(state.asked).toBe(1)
  expect(used).not.toHaveBeenCalled()
})

it('a page whose server has another version now says so, and offers to reload', async () => {
  const entry = document.createElement('script')
  entry.type = 'module'
  entry.setAttribute('src', '/assets/index-old.js')
  document.head.append(entry)
  const { load } = file()
  await draw(<MissingParts />)
  const page = (name: string) =>
    vi.stubGlobal('fetch', async () => new Response(`<script type="module" src="/assets/${name}"></script>`))
  page('index-old.js')
  act(() => loadPart(load, () => {}))
  await told()
  expect(screen.getByRole('button', { name: words.tryAgain })).toBeVisible()
  page('index-new.js')
  act(() => loadPart(load, () => {}))
  expect(await screen.findByRole('button', { name: words.reload })).toBeVisible()
  expect(screen.getByRole('alert')).toHaveTextContent(words.outdated)
})
