import { expect, it } from 'vitest'
import { feed, headless } from '../../../testing/web/headless.ts'
import { TerminalRows } from '../terminal/rows.ts'
import { ScreenHistory } from '../terminal/screen-history.ts'
import { NewLines } from './new-lines.ts'

function open(scrollback = 100) {
  const terminal = headless({ cols: 20, rows: 5, scrollback })
  new ScreenHistory(terminal)
  const rows = new TerminalRows(terminal)
  const lines = new NewLines(rows)
  const top = () => rows.text(rows.viewTop, true)
  return { terminal, rows, lines, top }
}

const log = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\r\n`).join('')

it('says nothing at the bottom, and counts the lines that come after a person scrolled up', async () => {
  const { terminal, lines } = open()
  await feed(terminal, log(0, 30))
  expect(lines.getCount()).toBe(null)
  terminal.scrollLines(-10)
  expect(lines.getCount()).toBe(0)
  await feed(terminal, log(30, 37))
  expect(lines.getCount()).toBe(7)
  // Three rows, but one line
  await feed(terminal, `${'x'.repeat(50)}\r\n`)
  expect(lines.getCount()).toBe(8)
  terminal.scrollToBottom()
  expect(lines.getCount()).toBe(null)
})

it.each([
  ['the scrollback has room', 1_000],
  ['the scrollback is full, and rows are dropped', 60],
])('what is read stays in view while %s', async (_, scrollback) => {
  const { terminal, lines, top } = open(scrollback)
  await feed(terminal, log(0, 200))
  terminal.scrollLines(-20)
  const read = top()
  for (let at = 200; at < 230; at += 10) await feed(terminal, log(at, at + 10))
  expect(top()).toBe(read)
  expect(lines.getCount()).toBe(30)
  // An erased screen is kept among the rows below.
  await feed(terminal, '\x1b[2J\x1b[H')
  expect(top()).toBe(read)
})

it('does not count rows that another width makes', async () => {
  const { terminal, lines } = open(1_000)
  await feed(terminal, 'a line of one row\r\n'.repeat(60))
  terminal.scrollLines(-10)
  terminal.resize(10, 5)
  await feed(terminal, 'x\r\n')
  expect(lines.getCount()).toBe(1)
})

it('says nothing while a full-screen program has the screen', async () => {
  const { terminal, lines } = open()
  await feed(terminal, log(0, 30))
  terminal.scrollLines(-10)
  await feed(terminal, '\x1b[?1049h')
  expect(lines.getCount()).toBe(null)
})
