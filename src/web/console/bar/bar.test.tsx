import { act, screen, within } from '@testing-library/react'
import type { UserEvent } from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../../shared/api.ts'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { issuedConsole, viewer } from '../../../testing/web/fake-line.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import { settings } from '../../settings/settings.ts'
import { KeyRow } from '../keys/key-row.tsx'
import { keysOf } from '../shortcuts/shortcuts.ts'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import { Bar } from './bar.tsx'

const { console: words, bar } = en

beforeEach(() => void new FakeApi())

async function drawBar() {
  const console = openConsole()
  const onPaste = vi.fn<(text: string) => void>()
  const onFind = vi.fn()
  const onDisconnect = vi.fn()
  const announce = vi.fn<(sentence: string) => void>()
  const { user } = await draw(
    <>
      <Bar
        open={console.open}
        serverId="id-web"
        name="web-1"
        server={undefined}
        power={null}
        onPaste={onPaste}
        announce={announce}
        onFind={onFind}
        onDisconnect={onDisconnect}
      />
      <KeyRow open={console.open} />
    </>,
  )
  return { ...console, user, onPaste, onFind, onDisconnect, announce }
}

const button = (name: string) => screen.getByRole('button', { name })
const item = (name: string | RegExp) => screen.getByRole('menuitem', { name })

describe('send keys', () => {
  it('sends a key that the browser would keep, and the terminal has the focus again', async () => {
    const { live, line, user, focus } = await drawBar()
    await live()
    await user.click(button(words.keys))
    await screen.findByRole('menu')
    await user.click(item('Ctrl+C'))
    expect(line.connection.typed).toBe('\x03')
    await expect.poll(() => focus.mock.calls.length).toBeGreaterThan(0)
  })

  it('has a menu of function keys', async () => {
    const { live, line, user } = await drawBar()
    await live()
    await user.click(button(words.keys))
    await screen.findByRole('menu')
    item(words.functionKeys).focus()
    await user.keyboard('{ArrowRight}')
    await user.click(await screen.findByRole('menuitem', { name: 'F2' }))
    expect(line.connection.typed).toBe('\x1bOQ')
  })

  it('reaches the kernel by its sequence', async () => {
    const { live, line, user } = await drawBar()
    await live()
    await user.click(button(words.keys))
    await screen.findByRole('menu')
    item(words.sysrq).focus()
    await user.keyboard('{ArrowRight}')
    await user.click(await screen.findByRole('menuitem', { name: new RegExp(en.sendKeys.sysrq.h) }))
    expect(line.connection.typed).toBe('\x0fh')
  })

  it.each(['b', 'e', 'i', 'o'] as const)('asks before SysRq %s, which ends all work', async (key) => {
    const { live, line, user, focus } = await drawBar()
    await live()
    const choose = async () => {
      await user.click(button(words.keys))
      await screen.findByRole('menu')
      item(words.sysrq).focus()
      await user.keyboard('{ArrowRight}')
      await user.click(await screen.findByRole('menuitem', { name: new RegExp(en.sendKeys.sysrq[key]) }))
    }
    await choose()
    const action = en.sendKeys.sysrq[key].replace('…', '')
    expect(screen.getByRole('dialog')).toHaveAccessibleName(t('sendKeys.ask', { action, key }))
    expect(screen.getByRole('dialog')).toHaveAccessibleDescription(en.sendKeys.lost[key])
    expect(line.connection.typed).toBe('')
    await user.click(button(en.shell.cancel))
    expect(line.connection.typed).toBe('')
    expect(focus).toHaveBeenCalled()
    await choose()
    await user.click(button(action))
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(line.connection.typed).toBe(`\x0f${key}`)
  })

  it('says why there is no SysRq', async () => {
    const { session, line, user } = await drawBar()
    await act(async () => {
      session.connect()
      await line.give({ transport: 'direct', url: 'wss://g', expiresInMs: 600_000, sysrq: null })
      line.connection.opens()
    })
    await user.click(button(words.keys))
    await screen.findByRole('menu')
    expect(item(new RegExp(words.sysrq))).toHaveAttribute('aria-disabled', 'true')
    expect(item(new RegExp(words.sysrq))).toHaveTextContent(en.sendKeys.noSysrq)
  })
})

describe('a viewer who watches', () => {
  const tools = [words.keys, words.paste, 'Tab', 'Ctrl+C', words.arrows.A]

  it.each([
    [words.watchingWhy, true],
    [words.watchOnly, false],
  ])('cannot send anything, and reads why: %s', async (why, write) => {
    const { shared, line } = await drawBar()
    await shared()
    for (const name of tools) expect(button(name)).toBeEnabled()
    await act(async () => {
      const may = { write, record: true, end: false }
      line.connection.joins({ may }).hasViewers(2, viewer(1), viewer(2))
    })
    for (const name of tools) {
      expect(button(name)).toBeDisabled()
      expect(button(name)).toHaveAccessibleDescription(why)
    }
    await act(async () => void line.connection.hasViewers(1, viewer(1), viewer(2)))
    for (const name of tools) expect(button(name)).toBeEnabled()
  })
})

describe('the keys that a touch keyboard lacks', () => {
  it('are sent as a terminal sends them', async () => {
    const { live, line, user } = await drawBar()
    await live()
    await user.click(button('Tab'))
    await user.click(button(words.arrows.A))
    expect(line.connection.typed).toBe('\t\x1b[A')
  })
})

describe('paste', () => {
  it('takes what the clipboard has', async () => {
    const { live, user, onPaste } = await drawBar()
    await live()
    await navigator.clipboard.writeText('ls\n')
    await user.click(button(words.paste))
    await expect.poll(() => onPaste.mock.calls).toEqual([['ls\n']])
  })

  it('names the key that works where the browser keeps its clipboard to itself', async () => {
    const { live, user, announce, onPaste } = await drawBar()
    await live()
    vi.spyOn(navigator.clipboard, 'readText').mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'))
    await user.click(button(words.paste))
    await expect
      .poll(() => announce.mock.calls)
      .toEqual([[t('console.pasteBlocked', { key: keysOf('paste') })]])
    expect(onPaste).not.toHaveBeenCalled()
  })
})

describe('find', () => {
  it('opens the search', async () => {
    const { user, onFind } = await drawBar()
    await user.click(button(bar.find))
    expect(onFind).toHaveBeenCalledOnce()
  })
})

describe('copy', () => {
  it('says that nothing is selected', async () => {
    const { live, user, announce } = await drawBar()
    await live()
    await user.click(button(bar.copy))
    await expect.poll(() => announce.mock.calls).toEqual([[bar.nothingSelected]])
  })
})

describe('more to copy', () => {
  it('is the whole scrollback', async () => {
    const { user, terminal, announce } = await drawBar()
    await act(() => new Promise<void>((taken) => terminal.write('one\r\ntwo\r\n', false, taken)))
    await expect.poll(() => terminal.transcript()).toBe('one\ntwo\n')
    await openMenu(user, bar.session)
    await user.click(item(bar.copyAll))
    await expect.poll(() => announce.mock.calls).toEqual([[words.copied]])
    expect(await navigator.clipboard.readText()).toBe('one\ntwo\n')
  })

  it('is nothing with colours if nothing is selected', async () => {
    const { user, announce } = await drawBar()
    await openMenu(user, bar.session)
    await user.click(item(bar.copyColours))
    await expect.poll(() => announce.mock.calls).toEqual([[bar.nothingSelected]])
  })
})

describe('the line', () => {
  it('is left while it is up, and connected once it has ended', async () => {
    const { live, user, session, onDisconnect, line } = await drawBar()
    await live()
    await user.click(button(words.disconnect))
    expect(onDisconnect).toHaveBeenCalledOnce()
    await act(async () => session.disconnect())
    await user.click(button(words.reconnect))
    expect(line.asked).toHaveLength(2)
  })

  it('is connected, and not again, after a question that came before it', async () => {
    const { session, line, user } = await drawBar()
    await act(async () => {
      session.connect()
      ;(await line.give(issuedConsole.direct)).fails({ cause: 'in-use' })
    })
    expect(screen.queryByRole('button', { name: words.reconnect })).toBeNull()
    await user.click(button(words.connect))
    expect(line.asked).toHaveLength(2)
  })

  it('is connected at once by the same button while it waits for its next try', async () => {
    const { live, user, line } = await drawBar()
    await live()
    await act(async () => void line.connection.fails({ cause: 'gateway-closed' }))
    await user.click(button(words.reconnect))
    expect(line.asked).toHaveLength(2)
  })
})

async function openMenu(user: UserEvent, name: string) {
  await user.click(button(name))
  return screen.findByRole('menu')
}

describe('the screen', () => {
  const print = (terminal: ConsoleTerminal, text: string) =>
    act(() => new Promise<void>((taken) => terminal.write(text, false, taken)))

  it('is cleared without losing a line, but not under a full-screen program', async () => {
    const { user, terminal, announce } = await drawBar()
    await print(terminal, 'one\r\ntwo\r\n# ')
    await openMenu(user, bar.view)
    await user.click(item(bar.clear))
    await expect.poll(() => announce.mock.calls).toEqual([[bar.cleared]])
    await expect.poll(() => terminal.transcript()).toBe('one\ntwo\n#\n')
    await print(terminal, '\x1b[?1049h')
    await expect.poll(() => terminal.fullScreen).toBe(true)
    await openMenu(user, bar.view)
    await user.click(item(bar.clear))
    await expect.poll(() => announce.mock.lastCall).toEqual([bar.clearLater])
  })

  it('is reset without losing a line', async () => {
    const { user, terminal, announce } = await drawBar()
    await print(terminal, 'one\r\n\x1b[?2004h\x1b[?1049hgarbage')
    await expect.poll(() => terminal.fullScreen).toBe(true)
    await openMenu(user, bar.view)
    await user.click(item(bar.reset))
    await expect.poll(() => terminal.fullScreen).toBe(false)
    expect(terminal.bracketedPaste).toBe(false)
    expect(terminal.transcript()).toBe('one\n')
    expect(announce).toHaveBeenLastCalledWith(bar.resetDone)
  })
})

describe('View', () => {
  it('has larger and smaller text, and stays open for a second step', async () => {
    const { user } = await drawBar()
    const usual = settings.get().fontSize
    await openMenu(user, bar.view)
    await user.click(item(bar.larger))
    await user.click(item(bar.larger))
    expect(settings.get().fontSize).toBe(usual + 2)
    await user.click(item(bar.smaller))
    expect(settings.get().fontSize).toBe(usual + 1)
    await user.keyboard('{Escape}')
    await expect.poll(() => screen.queryByRole('menu')).toBeNull()
  })

  it('switches the screen reader mode', async () => {
    const { user } = await drawBar()
    const mode = () => screen.getByRole('menuitemcheckbox', { name: bar.screenReader })
    await openMenu(user, bar.view)
    expect(mode()).not.toBeChecked()
    await user.click(mode())
    expect(settings.get().screenReader).toBe(true)
    await openMenu(user, bar.view)
    expect(mode()).toBeChecked()
  })

  it('chooses a theme, or follows the system', async () => {
    const { user } = await drawBar()
    const choose = async (name: string) => {
      await openMenu(user, bar.view)
      item(new RegExp(bar.theme)).focus()
      await user.keyboard('{ArrowRight}')
      await user.click(await screen.findByRole('menuitemradio', { name }))
    }
    await choose(bar.themes.light)
    expect(settings.get().theme).toBe('light')
    await choose(bar.themes.system)
    expect(settings.get().theme).toBeNull()
  })
})

describe('more tools', () => {
  it('has what a small screen has no room for, and the key that leaves the terminal', async () => {
    const { user } = await drawBar()
    const menu = await openMenu(user, bar.more)
    for (const name of [bar.copy, bar.smaller, bar.larger, bar.download])
      expect(within(menu).getByRole('menuitem', { name })).toBeVisible()
    expect(menu).toHaveTextContent(words.leaveHint)
    expect(within(menu).getByRole('menuitemcheckbox', { name: bar.screenReader })).not.toBeChecked()
  })
})

describe('a tool', () => {
  it('tells its key', async () => {
    await drawBar()
    expect(button(bar.copy)).toHaveAttribute('title', `${bar.copy} (${keysOf('copy')})`)
  })
})

describe('record', () => {
  it('is there where the policy leaves it to the viewers, and switches', async () => {
    const { shared, line, user } = await drawBar()
    await shared()
    await openMenu(user, bar.session)
    expect(screen.queryByRole('menuitem', { name: bar.record })).toBeNull()
    await act(async () => void line.connection.relays({ type: 'recording', on: false, mayChange: true }))
    await user.click(item(bar.record))
    await act(async () => void line.connection.relays({ type: 'recording', on: true, mayChange: true }))
    await openMenu(user, bar.session)
    await user.click(item(bar.stopRecording))
    expect(line.connection.told).toEqual([
      { type: 'record', on: true },
      { type: 'record', on: false },
    ])
    await act(async () => void line.connection.relays({ type: 'recording', on: true, mayChange: false }))
    await openMenu(user, bar.session)
    expect(screen.queryByRole('menuitem', { name: bar.stopRecording })).toBeNull()
  })

  it.each([bar.session, bar.more])(
    'is refused to a role that cannot, with the reason, in %s',
    async (menu) => {
      const { shared, line, user } = await drawBar()
      await shared()
      await act(async () => {
        line.connection
          .joins({ may: { write: false, record: false, end: false } })
          .hasViewers(2, viewer(1), viewer(2))
          .relays({ type: 'recording', on: false, mayChange: true })
      })
      await openMenu(user, menu)
      const record = item(new RegExp(`^${bar.record}`))
      expect(record).toHaveAttribute('aria-disabled', 'true')
      expect(record).toHaveTextContent(bar.recordForbidden)
    },
  )
})

describe('the history', () => {
  it('opens beside the console', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null)
    const { user } = await drawBar()
    await openMenu(user, bar.session)
    await user.click(await screen.findByRole('menuitem', { name: bar.history }))
    expect(open).toHaveBeenCalledWith('/servers/id-web/history', '_blank', 'noopener')
  })

  it.each([
    ['to whom it is forbidden', () => new FakeApi().signedIn('viewer')],
    ['where nothing is kept', () => new FakeApi().about({ recordings: 'off', log: false })],
  ])('is not offered %s', async (_, prepare) => {
    const api = prepare()
    const { user } = await drawBar()
    await openMenu(user, bar.session)
    await expect.poll(() => api.askedFor('GET', paths.about())).toHaveLength(1)
    await expect.poll(() => screen.queryByRole('menuitem', { name: bar.history })).toBeNull()
  })
})

it('says where the log cannot be opened at a boot', async () => {
  const boots = [{ offset: 5, time: '2026-01-02T03:04:05.000Z', ended: null }]
  new FakeApi().answer('GET', paths.lineLog('id-web'), {
    start: 0,
    end: 9,
    firstTime: null,
    lastTime: null,
    boots,
    moreBoots: false,
    marks: [],
  })
  const { user, live, announce } = await drawBar()
  await live()
  await openMenu(user, bar.session)
  await user.click(await screen.findByRole('menuitem', { name: en.older.sinceBoot }))
  await expect.poll(() => announce.mock.calls).toEqual([[en.older.noPlace]])
})
