import { act, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import FindBar from './find-bar.tsx'
import type { FindQuery } from './matching.ts'

const { find: words } = en

/** The test has no threads: plain text is matched all the same. */
async function drawFind({ log = true, printed = 'one\r\ntwo error\r\nthree\r\nfour error\r\n' } = {}) {
  const { terminal, focus } = openConsole()
  await new Promise<void>((taken) => terminal.write(printed, false, taken))
  const last = { current: { text: '', regex: false, matchCase: false } satisfies FindQuery }
  const onClose = vi.fn()
  const { user } = await draw(
    <FindBar
      terminal={terminal}
      last={last}
      asked={1}
      historyOf={log ? ({ text }) => `/history?q=${text}` : null}
      onClose={onClose}
    />,
  )
  const input = screen.getByRole('textbox', { name: words.label })
  const status = () => screen.getByRole('status').textContent
  return { terminal, user, input, status, last, onClose, focus }
}

it('counts the matches and goes up with Enter, down with Shift+Enter, and by button', async () => {
  const { user, input, status, last } = await drawFind()
  expect(input).toHaveFocus()
  await user.type(input, 'error')
  await expect.poll(status).toBe(t('find.of', { index: 2, count: 2 }))
  await user.keyboard('{Enter}')
  expect(status()).toBe(t('find.of', { index: 1, count: 2 }))
  await user.keyboard('{Shift>}{Enter}{/Shift}')
  expect(status()).toBe(t('find.of', { index: 2, count: 2 }))
  await user.click(screen.getByRole('button', { name: words.previous }))
  expect(status()).toBe(t('find.of', { index: 1, count: 2 }))
  expect(last.current.text).toBe('error')
})

it('minds case if told to, by button and by key', async () => {
  const { user, input, status } = await drawFind()
  await user.type(input, 'ERROR')
  await expect.poll(status).toBe(t('find.of', { index: 2, count: 2 }))
  await user.click(screen.getByRole('button', { name: words.matchCase }))
  await expect.poll(status).toBe(words.none)
  input.focus()
  await user.keyboard('{Alt>}[KeyC]{/Alt}')
  await expect.poll(status).toBe(t('find.of', { index: 2, count: 2 }))
})

it('says what is no regular expression', async () => {
  const { user, input } = await drawFind()
  await user.click(screen.getByRole('button', { name: words.regex }))
  await user.type(input, 'a[[')
  expect(await screen.findByRole('alert')).toHaveTextContent(words.invalid)
  expect(input).toHaveAttribute('aria-invalid', 'true')
})

it('leads to the whole history where nothing is found and there is one', async () => {
  const { user, input } = await drawFind()
  await user.type(input, 'panic')
  expect(await screen.findByRole('link', { name: words.history })).toHaveAttribute('href', '/history?q=panic')
})

it('offers no history where none may be read', async () => {
  const { user, input, status } = await drawFind({ log: false })
  await user.type(input, 'panic')
  await expect.poll(status).toBe(words.none)
  expect(screen.queryByRole('link')).toBeNull()
})

it('goes on counting while output comes', async () => {
  const { terminal, user, input, status } = await drawFind()
  await user.type(input, 'error')
  await expect.poll(status).toBe(t('find.of', { index: 2, count: 2 }))
  await act(async () => terminal.write('error\r\n', false, () => {}))
  await expect.poll(status).toBe(t('find.of', { index: 2, count: 3 }))
})

it('closes with Escape, and gives the focus back to the terminal', async () => {
  const { user, onClose, focus } = await drawFind()
  await user.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledOnce()
  expect(focus).toHaveBeenCalled()
})
