import { act, screen } from '@testing-library/react'
import { beforeEach, expect, it } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import { EscapeQuestion } from './escape-question.tsx'

const { keyboard: words } = en.console
const titleOf = (name: string) => t('console.keyboard.escapes.ctrl-bracket.title', { name })

beforeEach(() => void new FakeApi())

it('names its server, and several ask one after the other', async () => {
  const consoles = [openConsole(), openConsole()]
  for (const { live, terminal } of consoles) {
    await live()
    terminal.keyboard.settings = { ...terminal.keyboard.settings, guarded: ['ctrl-bracket'] }
  }
  const { user } = await draw(
    <>
      <textarea aria-label="Typed here" />
      {consoles.map(({ open }, index) => (
        <EscapeQuestion key={index === 0 ? 'web-1' : 'web-2'} open={open} name={`web-${index + 1}`} />
      ))}
    </>,
  )
  const field = screen.getByRole('textbox', { name: 'Typed here' })
  field.focus()
  act(() => {
    for (const { terminal } of consoles) terminal.keyboard.text('\x1d')
  })
  expect(screen.getByRole('dialog')).toHaveAccessibleName(titleOf('web-1'))
  await user.click(screen.getByRole('button', { name: words.send }))
  expect(screen.getByRole('dialog')).toHaveAccessibleName(titleOf('web-2'))
  await user.click(screen.getByRole('button', { name: words.dontSend }))
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(consoles.map(({ line }) => line.connection.typed)).toEqual(['\x1d', ''])
  expect(field).toHaveFocus()
})
