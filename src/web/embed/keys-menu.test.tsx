import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { KeysMenu } from './keys-menu.tsx'

const { console: words } = en

beforeEach(() => {
  void new FakeApi()
  // The test's browser has no popovers: here it is always open.
  HTMLElement.prototype.hidePopover = vi.fn()
  HTMLElement.prototype.showPopover = vi.fn()
})

const button = (name: string | RegExp) => screen.getByRole('button', { name, hidden: true })

async function keysMenu() {
  const console = openConsole()
  const { user } = await draw(<KeysMenu open={console.open} disabled={undefined} />)
  await console.live()
  await user.click(button(words.sendKeys))
  await screen.findByRole('button', { name: 'Ctrl+C', hidden: true })
  return { ...console, user }
}

describe('the keys of the embedded page', () => {
  it('are sent, SysRq by its sequence', async () => {
    const { line, user } = await keysMenu()
    await user.click(button('Ctrl+C'))
    await user.click(button(new RegExp(en.sendKeys.sysrq.h)))
    expect(line.connection.typed).toBe('\x03\x0fh')
  })

  it.each(['b', 'e', 'i', 'o'] as const)('ask before SysRq %s', async (key) => {
    const { line, user } = await keysMenu()
    const action = en.sendKeys.sysrq[key].replace('…', '')
    await user.click(button(new RegExp(`${action}…`)))
    const dialog = screen.getByRole('dialog', { name: t('sendKeys.ask', { action, key }) })
    expect(dialog).toHaveAccessibleDescription(en.sendKeys.lost[key])
    expect(line.connection.typed).toBe('')
    await user.click(screen.getByRole('button', { name: action }))
    expect(line.connection.typed).toBe(`\x0f${key}`)
  })
})
