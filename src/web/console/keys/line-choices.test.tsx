import { act } from '@testing-library/react'
import { expect, it } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { defaultKeyboard, type KeyboardSettings } from '../../settings/keyboard-settings.ts'
import { serverSettings } from '../../settings/server-settings.ts'
import { typeSize } from '../size/use-size.ts'
import type { OpenConsole } from '../use-console.ts'
import { useKeyboardSettings } from './use-keyboard.ts'

async function withChoices(change: Partial<KeyboardSettings>) {
  const console = openConsole()
  console.terminal.keyboard.settings = { ...defaultKeyboard, ...change }
  await console.live()
  await expect.poll(() => console.terminal.transcript()).toContain('login:')
  return console
}

it('Enter that the page presses is the one that the machine expects', async () => {
  const { session, line } = await withChoices({ enter: 'crlf' })
  session.pressEnter()
  expect(line.connection.typed).toBe('\r\n')
})

it('what is typed and pasted is shown where the machine shows nothing, and is sent once', async () => {
  const { session, terminal, line } = await withChoices({ localEcho: true })
  terminal.typeText('roo')
  terminal.keyboard.press('Backspace')
  terminal.keyboard.press('ArrowUp')
  session.paste('ot')
  await expect.poll(() => terminal.transcript()).toBe('login: root\n')
  expect(line.connection.typed).toBe('roo\x7f\x1b[Aot')
})

it('nothing is shown of keys that go nowhere', async () => {
  const { session, terminal } = await withChoices({ localEcho: true })
  session.disconnect()
  terminal.typeText('lost')
  terminal.writeSeam('later')
  await expect.poll(() => terminal.transcript()).toContain('later')
  expect(terminal.transcript()).not.toContain('lost')
})

it('the eighth bit of the output is no part of a character on a line of seven bits', async () => {
  const { terminal, line } = await withChoices({ sevenBit: true })
  const withParity = Uint8Array.from('Fedora', (character) => character.charCodeAt(0) | 0x80)
  line.connection.prints(withParity)
  await expect.poll(() => terminal.transcript()).toBe('login: Fedora\n')
})

function Typing({ open }: { open: OpenConsole }) {
  useKeyboardSettings(open, 'id-guarded', () => {})
  return null
}

async function guarded() {
  new FakeApi()
  serverSettings.set('id-guarded', { keyboard: { ...defaultKeyboard, guarded: ['tilde-dot'] } })
  const console = openConsole()
  await draw(<Typing open={console.open} />)
  await console.live()
  const { keyboard } = console.terminal
  return { ...console, keyboard, asked: () => keyboard.getSnapshot().asked }
}

it('a gateway that may be another one is at the start of a line', async () => {
  const { session, keyboard, live, asked } = await guarded()
  keyboard.text('x')
  act(() => session.disconnect())
  await live()
  keyboard.text('~.')
  expect(asked()).toBe('tilde-dot')
})

it('a tilde that went out counts over a short cut', async () => {
  const { session, keyboard, live, asked } = await guarded()
  keyboard.text('~')
  act(() => session.disconnect())
  await live()
  keyboard.text('.')
  expect(asked()).toBe('tilde-dot')
})

it('a command that the page types ends a line for the gateway', async () => {
  const { open, keyboard, asked } = await guarded()
  keyboard.text('x')
  typeSize(open)
  keyboard.text('~.')
  expect(asked()).toBe('tilde-dot')
})
