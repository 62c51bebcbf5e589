import { expect, it } from 'vitest'
import { openConsole } from '../../../testing/web/open-console.ts'
import { defaultKeyboard, type KeyboardSettings } from '../../settings/keyboard-settings.ts'

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
