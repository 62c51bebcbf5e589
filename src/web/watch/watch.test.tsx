import { useQuery } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../shared/api.ts'
import type { Server } from '../../shared/server.ts'
import { testServer } from '../../testing/server.ts'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { draw } from '../../testing/web/render.tsx'
import { serverQuery } from '../api/queries.ts'
import { en } from '../locales/en.ts'
import { useWatch } from './use-watch.ts'
import { WatchedMark } from './watched-mark.tsx'

const { watch: words } = en

let api: FakeApi
beforeEach(() => {
  api = new FakeApi()
})

const about = (watch: boolean) => api.about({ recordings: 'off', log: false, watch })

function Part({ announce }: { announce: (sentence: string) => void }) {
  const { data } = useQuery(serverQuery('web-1'))
  const watch = useWatch(data, announce)
  return (
    <>
      <WatchedMark server={data} />
      {data && <p>ready</p>}
      {watch && (
        <button
          type="button"
          onClick={watch.run}
          disabled={watch.disabled !== undefined}
          title={watch.disabled}
        >
          {watch.label}
        </button>
      )}
    </>
  )
}

async function show(change: Partial<Server> = {}) {
  const server = testServer({ id: 'web-1', ...change })
  api.answer('GET', paths.server('web-1'), { server })
  const announce = vi.fn<(sentence: string) => void>()
  const { user } = await draw(<Part announce={announce} />)
  await screen.findByText('ready')
  return { user, announce }
}

describe('the switch', () => {
  it('has a line watched, and no more, and the mark follows', async () => {
    about(true)
    api.on('PUT', paths.watch('web-1'), () => ({ status: 204, body: null }))
    api.on('DELETE', paths.watch('web-1'), () => ({ status: 204, body: null }))
    const { user, announce } = await show()
    await user.click(await screen.findByRole('button', { name: words.start }))
    expect(await screen.findByText(words.watched)).toBeVisible()
    expect(announce).toHaveBeenLastCalledWith(words.started)
    await user.click(await screen.findByRole('button', { name: words.stop }))
    await screen.findByRole('button', { name: words.start })
    expect(screen.queryByText(words.watched)).toBeNull()
    expect(announce).toHaveBeenLastCalledWith(words.stopped)
  })

  it('says why it did not work', async () => {
    about(true)
    api.fail('DELETE', paths.watch('web-1'), { cause: 'cloud-timeout' })
    const { user, announce } = await show({ watched: true })
    await user.click(await screen.findByRole('button', { name: words.stop }))
    await expect
      .poll(() => announce.mock.calls)
      .toEqual([[`${words.failed}: ${en.causes['cloud-timeout'].title}`]])
    expect(screen.getByText(words.watched)).toBeVisible()
  })

  it('is refused to a role that may not, in the server’s project', async () => {
    about(true)
    await show({ role: 'viewer' })
    const button = await screen.findByRole('button', { name: words.start })
    expect(button).toBeDisabled()
    expect(button).toHaveAccessibleDescription(words.forbidden)
  })

  it('is not there where lines cannot be watched', async () => {
    about(false)
    await show()
    await expect.poll(() => api.askedFor('GET', paths.about())).toHaveLength(1)
    expect(screen.queryByRole('button')).toBeNull()
  })
})
