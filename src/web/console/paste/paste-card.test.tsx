import { act, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeApi } from '../../../testing/web/fake-api.ts'
import { issuedConsole, viewer } from '../../../testing/web/fake-line.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { t } from '../../../testing/web/words.ts'
import { en } from '../../locales/en.ts'
import type { OpenConsole } from '../use-console.ts'
import { PasteCard } from './paste-card.tsx'
import { usePasteNews } from './use-paste-news.ts'

const { pasting: words } = en.console
const LONG = Array.from({ length: 500 }, (_, index) => `${`line ${index + 1} `.padEnd(31, '.')}\r`).join('')

beforeEach(() => void new FakeApi())

const card = () => screen.queryByRole('region', { name: words.title })
const bar = () => screen.getByRole('progressbar', { name: words.title })
const button = (name: string) => screen.getByRole('button', { name })

function Pasting({ open, announce }: { open: OpenConsole; announce: (sentence: string) => void }) {
  usePasteNews(open.session, announce)
  return <PasteCard open={open} />
}

/** On a shared line, where `Person 1` has the keyboard. */
async function pasting(text: string) {
  const announce = vi.fn<(sentence: string) => void>()
  const console = openConsole()
  const { user } = await draw(<Pasting open={console.open} announce={announce} />)
  await console.shared()
  const { connection } = console.line
  await act(async () => {
    connection.hasViewers(1, viewer(1), viewer(2))
    console.session.paste(text)
  })
  return { ...console, user, connection, announce }
}

describe('the card of a paste', () => {
  it('shows bytes and the time left, and cancels', async () => {
    const { user, focus, connection, announce } = await pasting(LONG)
    expect(bar()).toHaveAttribute('max', '16000')
    expect(bar()).toHaveAttribute(
      'aria-valuetext',
      expect.stringMatching(/^[\d,]+ of 16,000 bytes, 0:02 left$/),
    )
    expect(card()).toHaveTextContent(words.typing)
    await user.click(button(words.cancel))
    expect(card()).toBeNull()
    expect(focus).toHaveBeenCalled()
    const sent = connection.typed.length
    expect(announce.mock.calls).toEqual([
      [
        `${t('console.pasting.cancelled', { sent, total: 16_000 })}. ${t('console.pasting.lastLine', {
          number: Math.floor(sent / 32),
          of: 500,
        })}`,
      ],
    ])
  })

  it('does not come for a paste that is over in a moment', async () => {
    await pasting('x'.repeat(2_000))
    expect(card()).toBeNull()
  })

  it('says where the paste stopped, and goes on when the line is back and somebody says so', async () => {
    const { user, focus, session, line, connection } = await pasting(LONG)
    await act(async () => void connection.fails({ cause: 'gateway-closed' }))
    const sent = connection.typed.length
    expect(card()).toHaveTextContent(words.stopped['line-down'])
    expect(screen.getByRole('status')).toHaveTextContent(words.stopped['line-down'])
    expect(card()).toHaveTextContent(t('console.pasting.progress', { sent, total: 16_000 }))
    expect(card()).toHaveTextContent(
      t('console.pasting.lastLine', { number: Math.floor(sent / 32), of: 500 }),
    )
    expect(card()).toHaveTextContent(words.wait['line-down'])
    expect(button(words.resume)).toBeDisabled()

    await act(async () => {
      session.connect()
      const next = await line.give(issuedConsole.relay)
      // The relay has all that was typed.
      next.joins({}, { next: sent, proved: sent }).opens().prints('login: ')
    })
    expect(card()).not.toHaveTextContent(words.mayLack)
    expect(card()).not.toHaveTextContent(words.wait['line-down'])
    expect(line.connection.typed).toBe('')
    await user.click(button(words.resume))
    expect(focus).toHaveBeenCalledOnce()
    expect(LONG.startsWith(connection.typed + line.connection.typed)).toBe(true)
    expect(line.connection.typed).not.toBe('')
  })

  it('says how many bytes may not have arrived, as the relay tells it', async () => {
    const { connection } = await pasting(LONG)
    await act(async () => {
      connection.relays({ type: 'dropped', from: 200, to: 256, why: 'line-lost', fate: 'unknown' })
    })
    expect(card()).toHaveTextContent(t('console.pasting.lacks', { bytes: connection.typed.length - 200 }))
  })

  it('says of a direct line that nobody knows', async () => {
    const console = openConsole()
    await draw(<PasteCard open={console.open} />)
    await console.live()
    await act(async () => console.session.paste(LONG))
    await act(async () => void console.line.connection.fails({ cause: 'gateway-closed' }))
    expect(card()).toHaveTextContent(words.mayLack)
  })

  it('asks for the keyboard where it moved, and gives the paste up', async () => {
    const { user, focus, connection } = await pasting(LONG)
    await act(async () => void connection.hasViewers(2, viewer(1), viewer(2)))
    expect(card()).toHaveTextContent(words.stopped['not-writer'])
    expect(card()).toHaveTextContent(words.wait['not-writer'])
    await user.click(button(words.discard))
    expect(card()).toBeNull()
    expect(focus).toHaveBeenCalled()
  })

  it('gives the focus back when the paste ends while its button has it', async () => {
    const { focus, session } = await pasting(LONG)
    button(words.cancel).focus()
    await act(async () => void session.pasting.interrupt())
    expect(focus).toHaveBeenCalledOnce()
  })
})
