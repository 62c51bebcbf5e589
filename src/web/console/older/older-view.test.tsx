import { act, fireEvent, screen, within } from '@testing-library/react'
import { useRef } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { paths } from '../../../shared/api.ts'
import type { LogPage, LogSummary } from '../../../shared/line-log.ts'
import { type Asked, FakeApi } from '../../../testing/web/fake-api.ts'
import { issuedConsole } from '../../../testing/web/fake-line.ts'
import { layOut } from '../../../testing/web/layout.ts'
import { openConsole } from '../../../testing/web/open-console.ts'
import { draw } from '../../../testing/web/render.tsx'
import { en } from '../../locales/en.ts'
import { Bar } from '../bar/bar.tsx'
import type { OpenConsole } from '../use-console.ts'
import { OlderLines } from './older-lines.tsx'

const { older: words, bar, history } = en
const id = 'id-web'
const time = (second: number) => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString()
/** Lines have twenty bytes. The log has 200, and the terminal those from this one on: its rows are all in view. */
const FIRST = 185
const LONG = 180
const textOf = (index: number) => `number ${String(index).padEnd(11)}`
const shown = (index: number) => `number ${index}`

let api: FakeApi
let summary: LogSummary

function answer({ query }: Asked): LogPage {
  const limit = Number(query.get('limit'))
  const from = query.get('from')
  const before = query.get('before')
  const first = from === null ? Math.max(0, Number(before) / 20 - limit) : Number(from) / 20
  const last = from === null ? Number(before) / 20 : Math.min(200, first + limit)
  return {
    rows: Array.from({ length: last - first }, (_, row) => {
      const index = first + row
      const text = index === LONG ? 'x'.repeat(80) + shown(index) : shown(index)
      return { type: 'line', offset: index * 20, end: index * 20 + 20, time: time(index), text }
    }),
    before: first > 0 ? first * 20 : null,
    after: last * 20,
    atEnd: last === 200,
  }
}

beforeEach(() => {
  summary = {
    start: 0,
    end: 4_000,
    firstTime: time(0),
    lastTime: time(200),
    boots: [
      { offset: 2_000, time: time(100), ended: null },
      { offset: 400, time: time(20), ended: 'panic' },
    ],
    moreBoots: false,
    marks: [],
  }
  api = new FakeApi()
    .answer('GET', paths.lineLog(id), () => summary)
    .answer('GET', `${paths.lineLog(id)}/lines`, answer)
  layOut()
})

function Part({ open, announce }: { open: OpenConsole; announce: (sentence: string) => void }) {
  const host = useRef<HTMLElement>(null)
  return (
    <>
      <Bar
        open={open}
        serverId={id}
        name="web-1"
        server={undefined}
        power={null}
        onPaste={() => {}}
        announce={announce}
        onFind={() => {}}
        onDisconnect={() => {}}
      />
      <section ref={host} aria-label="Terminal" />
      <OlderLines open={open} serverId={id} host={host} announce={announce} />
    </>
  )
}

/** @param inLog the page knows where its rows are in the log */
async function drawConsole({ inLog = true } = {}) {
  const console = openConsole()
  const announce = vi.fn<(sentence: string) => void>()
  const { user } = await draw(<Part open={console.open} announce={announce} />)
  const written = new Promise<void>((resolve) => {
    const stop = console.terminal.onWritten(() => {
      if (!console.terminal.transcript().includes('number 199')) return
      stop()
      resolve()
    })
  })
  await act(async () => {
    console.session.connect()
    const connection = await console.line.give(issuedConsole.relay)
    connection.joins({ replayFrom: FIRST * 20, began: FIRST * 20, inLog }).opens()
    connection.prints(Array.from({ length: 200 - FIRST }, (_, row) => `${textOf(FIRST + row)}\r\n`).join(''))
    await written
  })
  const choose = async (item: string) => {
    await user.click(screen.getByRole('button', { name: bar.session }))
    await user.click(await screen.findByRole('menuitem', { name: item }))
  }
  return { ...console, user, announce, choose }
}

const log = () => screen.findByRole('region', { name: history.log }, { timeout: 10_000 })
const rowsOf = (box: HTMLElement) => [...box.querySelectorAll('[data-kind]')].map((row) => row.textContent)

describe('older lines', () => {
  it('come by the wheel, and the terminal’s rows follow: none is missing, and none is there twice', async () => {
    const { open } = await drawConsole()
    const host = screen.getByRole('region', { name: 'Terminal' })
    // Who may read the log is known in time.
    const turn = () => {
      fireEvent.wheel(host, { deltaY: -100 })
      return open.older.state().kind
    }
    await expect.poll(turn, { timeout: 10_000 }).toBe('older')
    const box = await log()
    const numbers = rowsOf(box)
      .flatMap((row) => /number (\d+)/.exec(row ?? '')?.[1] ?? [])
      .map(Number)
    expect(numbers).toContain(FIRST + 10)
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
  })

  it('are not there for a wheel that turned a little, or down', async () => {
    const { open, user } = await drawConsole()
    // Who may read the log is known.
    await user.click(screen.getByRole('button', { name: bar.session }))
    await screen.findByRole('menuitem', { name: words.boots })
    const host = screen.getByRole('region', { name: 'Terminal' })
    fireEvent.wheel(host, { deltaY: -40 })
    fireEvent.wheel(host, { deltaY: 100 })
    fireEvent.wheel(host, { deltaY: -60 })
    expect(open.older.state()).toEqual({ kind: 'live' })
  })

  it('are wrapped at the terminal’s columns', async () => {
    const { open } = await drawConsole()
    act(() => void open.older.scrollUp(10))
    const box = await log()
    const rows = rowsOf(box)
    const first = rows.findIndex((row) => row?.endsWith('x'.repeat(80)))
    expect(first).toBeGreaterThan(0)
    expect(rows[first + 1]).toBe(shown(LONG))
    expect(box.querySelectorAll('[data-kind="more"]')).toHaveLength(1)
  })

  it.each(['{Escape}', 'button'])('end by %s, and the terminal has the keys again', async (way) => {
    const { open, user, focus } = await drawConsole()
    act(() => void open.older.scrollUp(10))
    const box = await log()
    await expect.poll(() => document.activeElement).toBe(box)
    if (way === 'button') await user.click(screen.getByRole('button', { name: words.back }))
    else await user.keyboard(way)
    expect(screen.queryByRole('region', { name: history.log })).toBeNull()
    expect(focus).toHaveBeenCalled()
  })

  it.each([
    ['{l}', 'l'],
    ['{Enter}', '\r'],
    ['{Control>}c{/Control}', '\x03'],
  ])('end by %s, which is typed on the line', async (keys, bytes) => {
    const { open, user, focus, terminal } = await drawConsole()
    const typed: string[] = []
    terminal.onInput((input) => typed.push(new TextDecoder().decode(input)))
    act(() => void open.older.scrollUp(10))
    const box = await log()
    await expect.poll(() => document.activeElement).toBe(box)
    await user.keyboard('{PageUp}{ArrowUp}{Home}{F5}')
    expect(open.older.state().kind).toBe('older')
    expect(typed).toEqual([])
    await user.keyboard(keys)
    expect(open.older.state()).toEqual({ kind: 'live' })
    expect(typed).toEqual([bytes])
    expect(focus).toHaveBeenCalled()
  })

  it('end by a paste, which the terminal gets', async () => {
    const { open, focus } = await drawConsole()
    const terminal = screen.getByRole('region', { name: 'Terminal' })
    terminal.tabIndex = -1
    focus.mockImplementation(() => terminal.focus())
    const pasted: (string | undefined)[] = []
    terminal.addEventListener('paste', (event) => pasted.push(event.clipboardData?.getData('text/plain')))
    act(() => void open.older.scrollUp(10))
    const box = await log()
    await expect.poll(() => document.activeElement).toBe(box)
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'ls')
    act(() => void box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true })))
    expect(open.older.state()).toEqual({ kind: 'live' })
    expect(pasted).toEqual(['ls'])
  })

  it.each([
    ['the wheel', (box: HTMLElement) => fireEvent.wheel(box, { deltaY: 100 })],
    ['a key', (box: HTMLElement) => fireEvent.keyDown(box, { key: 'PageDown', shiftKey: true })],
    [
      'a finger',
      (box: HTMLElement) => {
        fireEvent.touchStart(box, { touches: [{ clientY: 200 }] })
        fireEvent.touchMove(box, { touches: [{ clientY: 150 }] })
      },
    ],
  ])('end by %s at their end, also where no step down is left to scroll', async (_, goDown) => {
    const { open, focus } = await drawConsole()
    act(() => void open.older.scrollUp(10))
    const box = await log()
    await expect.poll(() => document.activeElement).toBe(box)
    Object.defineProperty(box, 'scrollHeight', { value: 2_000, configurable: true })
    box.scrollTop = 1_000
    act(() => void goDown(box))
    expect(open.older.state().kind).toBe('older')
    box.scrollTop = 2_000 - box.clientHeight
    act(() => void goDown(box))
    expect(open.older.state()).toEqual({ kind: 'live' })
    expect(focus).toHaveBeenCalled()
  })

  it('that cannot be read say why', async () => {
    api.answer('GET', `${paths.lineLog(id)}/lines`, () => {
      throw new TypeError('offline')
    })
    const { open, announce } = await drawConsole()
    act(() => void open.older.scrollUp(10))
    await expect.poll(() => announce.mock.calls.length, { timeout: 10_000 }).toBe(1)
    expect(announce.mock.calls[0]?.[0]).toContain(words.failed.replace('{cause}', ''))
    expect(open.older.state()).toEqual({ kind: 'live' })
  })
})

describe('boots', () => {
  it('since the newest: its first lines come, in place', async () => {
    const { choose } = await drawConsole()
    await choose(words.sinceBoot)
    expect(within(await log()).getByText(shown(100))).toBeVisible()
  })

  it('are listed with their length and end, and the chosen one opens at its beginning', async () => {
    const { choose, user } = await drawConsole()
    await choose(words.boots)
    const dialog = await screen.findByRole('dialog', { name: words.bootsTitle })
    const boots = () => within(dialog).findAllByRole('listitem', undefined, { timeout: 10_000 })
    const [newest, oldest] = await boots()
    expect(newest).toBeVisible()
    expect(oldest).toHaveTextContent(history.ended.panic)
    await user.click(within(dialog).getByRole('button', { name: /Panicked/ }))
    expect(screen.queryByRole('dialog')).toBeNull()
    const box = await log()
    expect(within(box).getByText(shown(20))).toBeVisible()
    expect(within(box).queryByText(shown(140))).toBeNull()
  })

  it('come as they are found', async () => {
    const found = [{ ...summary, boots: [], moreBoots: true }]
    api.answer('GET', paths.lineLog(id), () => found.pop() ?? summary)
    const { choose } = await drawConsole()
    await choose(words.boots)
    const dialog = await screen.findByRole('dialog')
    await expect.poll(() => within(dialog).queryAllByRole('listitem').length, { timeout: 10_000 }).toBe(2)
  })

  it('cannot be shown where the page does not know its place in the log, and it says so', async () => {
    const { choose, user, announce } = await drawConsole({ inLog: false })
    await choose(words.sinceBoot)
    await expect.poll(() => announce.mock.calls, { timeout: 10_000 }).toEqual([[words.noPlace]])
    await choose(words.boots)
    const dialog = await screen.findByRole('dialog')
    await user.click(await within(dialog).findByRole('button', { name: /Panicked/ }, { timeout: 10_000 }))
    expect(within(dialog).getByRole('alert')).toHaveTextContent(words.noPlace)
  })
})
