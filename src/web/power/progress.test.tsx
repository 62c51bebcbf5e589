import { act, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PowerProgress } from '../../shared/power.ts'
import { ManualClock } from '../../testing/clock.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { PowerDesk } from './desk.ts'
import { LATE_MS } from './many.ts'
import { PowerPanel } from './power-panel.tsx'

const words = en.powering
const [web, db] = [testServer({ id: 'web', name: 'web' }), testServer({ id: 'db', name: 'db' })]

let jobs: Map<string, PowerProgress>
let clock: ManualClock
let desk: PowerDesk

beforeEach(() => {
  new FakeApi()
  jobs = new Map()
  clock = new ManualClock()
  desk = new PowerDesk(
    {
      power: async (id) => ({ job: `job-${id}` }),
      job: async (id) => jobs.get(id) ?? { state: 'running' },
      server: async (id) => testServer({ id, name: id }),
      changed() {},
      failureOf: () => ({ cause: 'proxy-error' }),
    },
    clock,
  )
})

/** Time passes, and what is due is asked and answered. */
const pass = (ms: number) =>
  act(async () => {
    clock.advance(ms)
    await new Promise((resolve) => setTimeout(resolve))
  })

async function begin() {
  const { user } = await draw(<PowerPanel desk={desk} />)
  await act(async () => desk.begin('reboot', [web, db]))
  await screen.findByRole('dialog')
  return user
}
const summary = (done: number) => t('powering.summary.done', { done, count: 2 })
const bar = () => document.querySelector('progress')
const row = (name: string) =>
  within(screen.getByRole('list', { name: words.servers }))
    .getAllByRole('listitem')
    .find(({ textContent }) => textContent?.startsWith(name))

describe('the line of progress', () => {
  it('grows with each job that ends, tells a screen reader, and says when all have ended', async () => {
    await begin()
    expect(bar()).toMatchObject({ max: 2, value: 0 })
    expect(row('web')).toHaveTextContent(words.steps.running)
    jobs.set('web', { state: 'done' })
    await pass(2_500)
    expect(bar()).toMatchObject({ max: 2, value: 1 })
    expect(within(screen.getByRole('dialog')).getByRole('status')).toHaveTextContent(summary(1))
    expect(row('web')).toHaveTextContent(words.steps.done)
    expect(row('db')).toHaveTextContent(words.steps.running)
    expect(screen.getByRole('dialog')).toHaveAccessibleDescription(words.closeLeaves)
    jobs.set('db', { state: 'failed', failure: { cause: 'cloud-error', detail: 'no controller' } })
    await pass(2_500)
    // It is at its end, which is no good one for all.
    expect(bar()).toMatchObject({ max: 2, value: 2 })
    expect(screen.getByRole('dialog')).toHaveAccessibleDescription(words.over)
    expect(row('db')).toHaveTextContent('no controller')
    expect(screen.getByRole('button', { name: words.close })).toBeVisible()
  })

  it('goes on in the note of a dialog that was closed, and leaves with a good end', async () => {
    const user = await begin()
    await user.click(screen.getByRole('button', { name: words.leave }))
    const notes = screen.getByRole('region', { name: words.underWay })
    expect(notes).toHaveTextContent(summary(0))
    jobs.set('web', { state: 'done' })
    await pass(2_500)
    expect(notes).toHaveTextContent(summary(1))
    // What is under way cannot be dismissed: it would go on unseen.
    expect(within(notes).queryByRole('button', { name: words.dismiss })).toBeNull()
    jobs.set('db', { state: 'done' })
    await pass(2_500)
    expect(notes).toHaveTextContent(summary(2))
    await user.click(within(notes).getByRole('button', { name: words.dismiss }))
    expect(notes).toBeEmptyDOMElement()
  })

  it('says of a job that never ends that it is late, and goes on looking', async () => {
    await begin()
    jobs.set('web', { state: 'done' })
    await pass(LATE_MS + 1_000)
    await pass(10_000)
    expect(row('db')).toHaveTextContent(words.lateNext)
    expect(within(screen.getByRole('dialog')).getByRole('status')).toHaveTextContent(
      t('powering.summary.unfinished', { count: 1 }),
    )
    expect(bar()).toMatchObject({ max: 2, value: 1 })
    jobs.set('db', { state: 'done' })
    await pass(15_000)
    expect(bar()).toMatchObject({ max: 2, value: 2 })
  })
})
