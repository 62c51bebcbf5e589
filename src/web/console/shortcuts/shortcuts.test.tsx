import { screen, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { en } from '../../locales/en.ts'
import { bindKeys } from '../keys/bind-keys.ts'
import ShortcutSheet from './shortcut-sheet.tsx'
import { shortcuts, shortcutsOf } from './shortcuts.ts'
import { usePageKeys } from './use-page-keys.ts'

const { shortcuts: words } = en

/** The event of keys that are named as in the table. */
function eventOf(keys: string): KeyboardEvent {
  const held = keys.split(/\+(?=.)/)
  const label = held.pop() ?? ''
  const codes: Record<string, [code: string, keyCode: number]> = {
    '+': ['Equal', 187],
    '-': ['Minus', 189],
    '0': ['Digit0', 48],
    C: ['KeyC', 67],
    V: ['KeyV', 86],
    F: ['KeyF', 70],
    B: ['KeyB', 66],
    End: ['End', 35],
    Insert: ['Insert', 45],
    F6: ['F6', 117],
  }
  const [code, keyCode] = codes[label] ?? ['', 0]
  return new KeyboardEvent('keydown', {
    key: label,
    code,
    keyCode,
    ctrlKey: held.includes('Ctrl'),
    shiftKey: held.includes('Shift'),
    cancelable: true,
  })
}

describe('the table of shortcuts', () => {
  it.each(
    shortcuts
      .filter(({ where }) => where === 'terminal')
      .flatMap(({ id, keys }) => keys.map((key) => [key, id])),
  )('%s is taken from the line: %s', (keys) => {
    const { open } = openConsole()
    const onKey = vi.spyOn(open.terminal, 'onKey')
    const unbind = bindKeys(
      open,
      () => {},
      () => {},
      () => {},
      () => {},
      () => {},
    )
    const handle = onKey.mock.calls[0]?.[0]
    expect(handle?.(eventOf(keys))).toBe(false)
    unbind()
  })

  it('names no key twice', () => {
    for (const mac of [true, false]) {
      const all = shortcutsOf(mac).flatMap(({ keys }) => keys)
      expect(new Set(all).size).toBe(all.length)
    }
  })
})

function Page({ show }: { show: () => void }) {
  usePageKeys(show)
  return (
    <>
      <button type="button">Elsewhere</button>
      <textarea aria-label="Field" />
    </>
  )
}

describe('the sheet', () => {
  it('names every shortcut with what it does, and closes', async () => {
    new FakeApi()
    const onClose = vi.fn()
    const { open } = openConsole()
    const { user } = await draw(
      <ShortcutSheet open={open} serverId="id" onClose={onClose} onFocus={() => {}} />,
    )
    const sheet = screen.getByRole('dialog', { name: words.title })
    for (const { id } of shortcuts) expect(within(sheet).getByText(words.does[id])).toBeVisible()
    await user.click(within(sheet).getByRole('button', { name: words.close }))
    expect(onClose).toHaveBeenCalled()
  })

  it('opens with ? where that is no text', async () => {
    new FakeApi()
    const show = vi.fn()
    const { user } = await draw(<Page show={show} />)
    screen.getByRole('textbox').focus()
    await user.keyboard('?')
    expect(show).not.toHaveBeenCalled()
    screen.getByRole('button').focus()
    await user.keyboard('?')
    expect(show).toHaveBeenCalledOnce()
  })
})
