import { expect, it } from 'vitest'
import { feed, headless, rowsOf, screenOf } from '../../../testing/web/headless.ts'
import { clearScreen } from './clear.ts'
import { CostlySequences } from './costly.ts'
import { ScreenHistory } from './screen-history.ts'
import { coreOf } from './xterm-buffer.ts'

function open(scrollback = 50) {
  const terminal = headless({ cols: 20, rows: 5, scrollback })
  new CostlySequences(terminal)
  new ScreenHistory(terminal)
  return { terminal, core: coreOf(terminal) }
}

const texts = (rows: readonly string[]) => rows.filter((row) => row !== '')

it('leaves the line of the cursor, and has the rest in the scrollback', async () => {
  const { terminal, core } = open()
  await feed(terminal, 'one\r\none\r\ntwo\r\nroot@host:~# ls -')
  clearScreen(core, 'cursor')
  expect(terminal.buffer.normal.baseY).toBe(3)
  expect(rowsOf(terminal)).toEqual(['one', 'one', 'two', 'root@host:~# ls -', '', '', '', ''])
  expect(screenOf(terminal).cursor).toEqual([17, 0])
  await feed(terminal, 'l\r\nfile\r\n')
  expect(texts(rowsOf(terminal))).toEqual(['one', 'one', 'two', 'root@host:~# ls -l', 'file'])
  // Again, there is nothing above the line.
  await feed(terminal, '\x1b[H')
  clearScreen(core, 'cursor')
  expect(terminal.buffer.normal.baseY).toBe(3)
})

it('keeps a line in one piece that goes over several rows', async () => {
  const { terminal, core } = open()
  await feed(terminal, `one\r\n${'x'.repeat(45)}`)
  clearScreen(core, 'cursor')
  expect(screenOf(terminal).cursor).toEqual([5, 2])
  expect(terminal.buffer.normal.baseY).toBe(1)
})

it('leaves nothing on the screen if it is told to, also in a scroll region and with a full scrollback', async () => {
  const { terminal, core } = open(10)
  await feed(terminal, Array.from({ length: 40 }, (_, index) => `line ${index}\r\n`).join(''))
  await feed(terminal, '\x1b[2;4rlast')
  clearScreen(core, 'all')
  const { cursor, rows } = screenOf(terminal)
  expect(cursor).toEqual([0, 0])
  expect(rows.every((row) => row === rows[0])).toBe(true)
  expect(texts(rowsOf(terminal)).at(-1)).toMatch(/line 39|last/)
  expect(texts(rowsOf(terminal))).toHaveLength(10)
})

it('does nothing to the screen of a full-screen program', async () => {
  const { terminal, core } = open()
  await feed(terminal, 'shell\r\n\x1b[?1049h\x1b[Hvi')
  const before = screenOf(terminal)
  clearScreen(core, 'all')
  expect(screenOf(terminal)).toEqual(before)
})
