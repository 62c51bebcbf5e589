import { act } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import { en } from '../locales/en.ts'
import type { OpenConsole } from './use-console.ts'
import { useUnreadable } from './use-unreadable.ts'

function Page({ open, announce }: { open: OpenConsole; announce: (sentence: string) => void }) {
  useUnreadable(open.session, announce)
  return null
}

it('is said once, however much of it comes', async () => {
  new FakeApi()
  const console = openConsole()
  const announce = vi.fn<(sentence: string) => void>()
  await draw(<Page open={console.open} announce={announce} />)
  await console.live()
  expect(announce).not.toHaveBeenCalled()
  for (const noise of ['\x1bPkernel line 1\r\n', '\x1b_kernel line 2\r\n']) {
    await act(async () => void console.line.connection.prints(noise))
  }
  expect(announce.mock.calls).toEqual([[en.console.unreadable]])
})
