import type { Terminal } from '@xterm/headless'
import { expect, it } from 'vitest'
import { feed, headless } from '../../../testing/web/headless.ts'
import { htmlOf } from './html.ts'
import { selectedOf } from './selected.ts'

const theme = { foreground: '#eee', background: '#111', red: '#f00', brightGreen: '#0f0' }

/** A terminal without a screen selects nothing by itself. */
const selected = (terminal: Terminal, start: Place, end: Place) =>
  selectedOf(Object.assign(Object.create(terminal), { getSelectionPosition: () => ({ start, end }) }))

interface Place {
  x: number
  y: number
}

async function copied(output: string, start = { x: 0, y: 0 }, end = { x: 20, y: 0 }) {
  const terminal = headless({ cols: 20, rows: 5 })
  await feed(terminal, output)
  const html = htmlOf(selected(terminal, start, end), theme)
  return /^<pre style="color:#eee;background:#111;font-family:monospace">([\s\S]*)<\/pre>$/.exec(html)?.[1]
}

it('has the colours and the attributes of the terminal', async () => {
  expect(await copied('plain \x1b[31mred\x1b[92;1mbright\x1b[0m.')).toBe(
    'plain <span style="color:#f00">red</span><span style="color:#0f0;font-weight:bold">bright</span>.',
  )
  expect(await copied('\x1b[38;5;208ma\x1b[0;48;5;240mb\x1b[0;38;2;1;2;3mc')).toBe(
    '<span style="color:rgb(255,135,0)">a</span><span style="background:rgb(88,88,88)">b</span><span style="color:#010203">c</span>',
  )
  expect(await copied('\x1b[7minverse\x1b[0m \x1b[3;4;9mi\x1b[0m \x1b[8mhid')).toBe(
    '<span style="color:#111;background:#eee">inverse</span> <span style="font-style:italic;text-decoration:underline line-through">i</span>',
  )
})

it('makes no markup of what a machine prints, and no link', async () => {
  expect(await copied('<img src="x">&', { x: 0, y: 0 }, { x: 14, y: 0 })).toBe(
    '&lt;img src=&quot;x&quot;&gt;&amp;',
  )
  expect(await copied('\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\')).toMatch(
    /^(<span style="text-decoration:underline">)?click(<\/span>)?$/,
  )
})

it('takes what is selected, and has a line in one piece that goes over several rows', async () => {
  expect(await copied('one two\r\nthree', { x: 4, y: 0 }, { x: 3, y: 1 })).toBe('two\nthr')
  expect(await copied(`${'x'.repeat(25)}\r\n漢字`, { x: 0, y: 0 }, { x: 20, y: 2 })).toBe(
    `${'x'.repeat(25)}\n漢字`,
  )
})

it('is what was selected at the press, whatever is printed until it is made', async () => {
  const terminal = headless({ cols: 20, rows: 5, scrollback: 5 })
  await feed(terminal, '\x1b[31mold\x1b[0m\r\n')
  const at = selected(terminal, { x: 0, y: 0 }, { x: 3, y: 0 })
  await feed(terminal, '\x1b[Hnew\r\n'.repeat(20))
  expect(htmlOf(at, theme)).toContain('<span style="color:#f00">old</span>')
})

it('has a special underline, and none where only a link is', async () => {
  expect(
    await copied('\x1b[4:3mwavy\x1b[24m \x1b[4mone\x1b[0m \x1b]8;;https://a.example\x1b\\x\x1b]8;;\x1b\\'),
  ).toBe(
    '<span style="text-decoration:underline">wavy</span> <span style="text-decoration:underline">one</span> ' +
      '<span style="text-decoration:underline">x</span>',
  )
})

it('takes 10,000 rows, each cell in a colour of its own or none, in bounded time and length', async () => {
  const terminal = headless({ cols: 100, rows: 5 })
  const line = '\x1b[31m[  OK  ]\x1b[0m Started \x1b[1mService\x1b[0m of the line.\r\n'
  await feed(terminal, line.repeat(10_000))
  const began = performance.now()
  const html = htmlOf(selected(terminal, { x: 0, y: 0 }, { x: 0, y: 9_999 }), theme)
  const took = performance.now() - began
  expect(html.match(/<span/g)).toHaveLength(2 * 9_999)
  expect(html.length).toBeLessThan(9_999 * 150)
  // A few hundredths of a second on a quiet computer
  expect(took).toBeLessThan(5_000)

  expect(selected(terminal, { x: 0, y: 0 }, { x: 0, y: 10_000 })).toBeNull()
  expect(() => htmlOf(null, theme)).toThrow('rows')
  const coloured = Array.from({ length: 90 }, (_, index) => `\x1b[38;5;${16 + index}mx`).join('')
  await feed(terminal, `\x1b[2J\x1b[H${`${coloured}\r\n`.repeat(2_000)}`)
  const { length } = terminal.buffer.active
  expect(() =>
    htmlOf(selected(terminal, { x: 0, y: length - 2_000 }, { x: 0, y: length - 1 }), theme),
  ).toThrow('colours')
})
