import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../testing/web/fake-api.ts'
import { viewer } from '../../testing/web/fake-line.ts'
import { openConsole } from '../../testing/web/open-console.ts'
import { draw } from '../../testing/web/render.tsx'
import { t } from '../../testing/web/words.ts'
import { en } from '../locales/en.ts'
import { useLeaveGuard } from './guard/leave-guard.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { PasteDialog } from './paste/paste-dialog.tsx'
import { usePaste } from './paste/use-paste.ts'
import type { OpenConsole } from './use-console.ts'

const { console: words } = en

beforeEach(() => void new FakeApi())

const dialog = () => screen.queryByRole('dialog')
const press = (name: string) => screen.getByRole('button', { name })

function Pasting({ open, text }: { open: OpenConsole; text: string }) {
  const { receive, question } = usePaste(open)
  return (
    <>
      <button type="button" onClick={() => receive(text)}>
        Receive
      </button>
      <PasteDialog {...question} onFocus={() => open.terminal.focus()} />
    </>
  )
}

function Leaving({ open, proceed }: { open: OpenConsole; proceed: () => void }) {
  const guard = useLeaveGuard(open, 'id-web')
  return (
    <>
      <button type="button" onClick={() => guard.leave(proceed)}>
        Leave
      </button>
      {guard.dialog}
    </>
  )
}

describe('a paste', () => {
  async function pasting(text: string) {
    const console = openConsole()
    const { user } = await draw(<Pasting open={console.open} text={text} />)
    await console.shared()
    return { ...console, user, receive: () => user.click(press('Receive')) }
  }

  it('of several lines is asked about before it is typed, without its control characters', async () => {
    const { receive, user, line, focus } = await pasting('echo on\x1b[201~e\necho two\n')
    await receive()
    expect(dialog()).toHaveAccessibleName(t('console.pasteTitle', { lines: 2 }))
    expect(dialog()).toHaveAccessibleDescription(
      `${words.pasteWarning} ${t('console.pasteRemoved', { count: 1 })}`,
    )
    expect(dialog()).toHaveTextContent('echo on[201~e echo two')
    await user.click(press(en.shell.cancel))
    expect(dialog()).toBeNull()
    expect(focus).toHaveBeenCalledOnce()
    expect(line.connection.typed).toBe('')

    await receive()
    await user.click(press(words.paste))
    expect(dialog()).toBeNull()
    expect(line.connection.typed).toBe('echo on[201~e\recho two\r')
  })

  it('of part of a line is typed at once', async () => {
    const { receive, line } = await pasting('uptime')
    await receive()
    expect(dialog()).toBeNull()
    expect(line.connection.typed).toBe('uptime')
  })

  it('of nothing but control characters types nothing', async () => {
    const { receive, line } = await pasting('\x1b\x00')
    await receive()
    expect(dialog()).toBeNull()
    expect(line.connection.typed).toBe('')
  })

  it('by a viewer who watches is not even asked about', async () => {
    const { receive, line, session } = await pasting('one\ntwo\n')
    await act(async () => void line.connection.hasViewers(2, viewer(1), viewer(2)))
    await receive()
    expect(dialog()).toBeNull()
    expect(line.connection.typed).toBe('')
    expect(session.getSnapshot().notSent?.why).toBe('not-writer')
  })
})

describe('a link that the server printed', () => {
  const url = 'https://runbooks.example.com/nvme'

  it('shows where it leads before it opens, and opens without a way back to the page', async () => {
    const onClose = vi.fn()
    const { user } = await draw(<LinkDialog url={url} onClose={onClose} onFocus={() => {}} />)
    expect(dialog()).toHaveAccessibleName(words.linkTitle)
    expect(dialog()).toHaveAccessibleDescription(words.linkWarning)
    expect(dialog()).toHaveTextContent(url)
    const link = screen.getByRole('link', { name: words.openLink })
    expect(link).toHaveAttribute('href', url)
    expect(link).toHaveAttribute('target', '_blank')
    expect(link).toHaveAttribute('rel', 'noopener noreferrer')
    await user.click(press(en.shell.cancel))
    expect(onClose).toHaveBeenCalledOnce()
  })
})

describe('leaving', () => {
  /** On a line that has printed this. */
  async function leaving(printed: string) {
    const console = openConsole()
    const proceed = vi.fn()
    const { user } = await draw(<Leaving open={console.open} proceed={proceed} />)
    await console.shared()
    const print = (text: string) =>
      act(async () => {
        const written = new Promise<void>((resolve) => {
          const ignore = console.terminal.onWritten(() => {
            ignore()
            resolve()
          })
        })
        console.line.connection.prints(text)
        await written
      })
    await print(printed)
    return { ...console, user, proceed, print, leave: () => user.click(press('Leave')) }
  }

  it.each([
    ['who is not logged in', '\r\nweb-1 login: '],
    ['who looks at a boot', '\r\n[    1.234] usb 1-1: new device # 2'],
  ])('is not asked about: %s', async (_, printed) => {
    const { leave, proceed } = await leaving(printed)
    await leave()
    expect(proceed).toHaveBeenCalledOnce()
    expect(dialog()).toBeNull()
  })

  const shell = '\r\nroot@web-1:~# '

  it('an open shell is asked about, and may be left as it is', async () => {
    const { leave, proceed, user, line } = await leaving(shell)
    await leave()
    expect(dialog()).toHaveAccessibleName(en.guard.title)
    expect(dialog()).toHaveAccessibleDescription(en.guard.shell)
    expect(proceed).not.toHaveBeenCalled()
    await user.click(press(en.guard.leave))
    expect(proceed).toHaveBeenCalledOnce()
    expect(line.connection.typed).toBe('')
  })

  it('who stays is back in the terminal', async () => {
    const { leave, proceed, user, focus } = await leaving(shell)
    await leave()
    await user.click(press(en.guard.stay))
    expect(dialog()).toBeNull()
    expect(focus).toHaveBeenCalledOnce()
    await leave()
    // What the browser makes of Escape.
    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }))
    expect(dialog()).toBeNull()
    expect(proceed).not.toHaveBeenCalled()
  })

  it('logs out by one click, and leaves once the machine asks for a login again', async () => {
    const { leave, proceed, user, line, print } = await leaving(shell)
    await leave()
    await user.click(press(en.guard.logOut))
    expect(line.connection.typed).toBe('\x15exit\r')
    expect(screen.getByText(en.guard.loggingOut)).toBeVisible()
    expect(press(en.guard.logOut)).toBeDisabled()
    expect(proceed).not.toHaveBeenCalled()
    await print('exit\r\n\r\nweb-1 login: ')
    expect(proceed).toHaveBeenCalledOnce()
    expect(dialog()).toBeNull()
  })

  it('stays where no login prompt comes, and says what to look at', async () => {
    const { leave, proceed, user } = await leaving(shell)
    await leave()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      fireEvent.click(press(en.guard.logOut))
      await act(async () => void vi.advanceTimersByTime(5_000))
    } finally {
      vi.useRealTimers()
    }
    expect(screen.getByText(en.guard.failed)).toBeVisible()
    expect(proceed).not.toHaveBeenCalled()
    await user.click(press(en.guard.leave))
    expect(proceed).toHaveBeenCalledOnce()
  })

  it('a program has to be left first: nobody can be logged out of it', async () => {
    const { leave } = await leaving('\x1b[?1049h~ vim')
    await leave()
    expect(dialog()).toHaveAccessibleName(en.guard.programTitle)
    expect(dialog()).toHaveAccessibleDescription(en.guard.program)
    expect(screen.queryByRole('button', { name: en.guard.logOut })).toBeNull()
  })

  it('a viewer who watches leaves nothing open', async () => {
    const { leave, proceed, line } = await leaving(shell)
    await act(async () => void line.connection.hasViewers(2, viewer(1), viewer(2)))
    await leave()
    expect(proceed).toHaveBeenCalledOnce()
  })

  it('over a line that is down nobody is asked: nobody could log out', async () => {
    const { leave, proceed, line } = await leaving(shell)
    await act(async () => void line.connection.fails({ cause: 'gateway-closed' }))
    await leave()
    expect(proceed).toHaveBeenCalledOnce()
  })
})
