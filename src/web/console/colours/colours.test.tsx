import { act, fireEvent, screen } from '@testing-library/react'
import { Terminal } from '@xterm/xterm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import { zhConsole } from '../../locales/zh-console.ts'
import { settings } from '../../settings/settings.ts'
import { type OpenConsole, useTerminalSettings } from '../use-console.ts'
import ColoursDialog from './colours-dialog.tsx'
import { palettes } from './palettes.ts'
import { chosenTheme, coloursOfPage } from './theme.ts'

const { colours: words } = en

beforeEach(() => {
  new FakeApi()
  settings.set({ terminalColours: 'page', ownColours: null, theme: 'dark' })
})

const choice = (name: string) => screen.getByRole('radio', { name })

function Page({ open }: { open: OpenConsole }) {
  useTerminalSettings(open)
  return <ColoursDialog open={open} serverId="id" onClose={() => {}} onFocus={() => {}} />
}

async function drawDialog() {
  const console = openConsole()
  const theme = vi.spyOn(console.terminal, 'theme', 'set')
  const { user } = await draw(<Page open={console.open} />)
  return { user, shown: () => theme.mock.lastCall?.[0] }
}

it('calls the place for typing what it is in the page’s language', async () => {
  const { open, terminal } = openConsole()
  const host = document.createElement('div')
  terminal.open(host)
  await draw(<Page open={open} />)
  const label = () => host.querySelector('textarea')?.getAttribute('aria-label')
  expect(label()).toBe(en.console.input)
  expect(Terminal.strings.tooMuchOutput).toBe(en.console.tooMuch)
  act(() => settings.set({ language: 'zh' }))
  await expect.poll(label, { timeout: 20_000 }).toBe(zhConsole.input)
  expect(Terminal.strings.tooMuchOutput).toBe(zhConsole.tooMuch)
  act(() => settings.set({ language: 'en' }))
  terminal.dispose()
})

describe('the terminal’s colours', () => {
  it('follow the page until others are chosen, and the terminal shows them at once', async () => {
    const { user, shown } = await drawDialog()
    expect(choice(words.names.page)).toBeChecked()
    await user.click(choice(words.names.paper))
    expect(settings.get().terminalColours).toBe('paper')
    expect(shown()).toMatchObject({ background: palettes.paper.background, red: palettes.paper.ansi[1] })
    await user.click(choice(words.names.page))
    expect(shown()).toMatchObject({ background: coloursOfPage('dark').background })
  })

  it('can be one’s own, which begin with those before', async () => {
    const { user, shown } = await drawDialog()
    await user.click(choice(words.names.amber))
    await user.click(choice(words.names.own))
    expect(settings.get().ownColours).toEqual(palettes.amber)
    fireEvent.change(screen.getByLabelText(words.grounds.background), { target: { value: '#334455' } })
    const brightRed = t('colours.bright', { colour: words.ansiNames.red })
    fireEvent.change(screen.getByLabelText(brightRed), { target: { value: '#ff0088' } })
    expect(shown()).toMatchObject({
      background: '#334455',
      brightRed: '#ff0088',
      red: palettes.amber.ansi[1],
    })
  })

  it('tells when the text is hard to read', async () => {
    const { user } = await drawDialog()
    await user.click(choice(words.names.own))
    fireEvent.change(screen.getByLabelText(words.grounds.foreground), { target: { value: '#000000' } })
    expect(screen.getByRole('status')).toHaveTextContent(t('colours.weak', { ratio: 1 }).slice(0, 12))
  })

  it('fall back to the page’s where the stored ones are broken', () => {
    settings.set({
      terminalColours: 'own',
      ownColours: { ...palettes.amber, background: 'url(https://x)' },
    })
    expect(settings.get().ownColours).toBeNull()
    expect(chosenTheme(settings.get(), 'dark').background).toBe(coloursOfPage('dark').background)
  })
})
