import { expect, it } from 'vitest'
import { feed, headless } from '../../../testing/web/headless.ts'
import { htmlOf } from './html.ts'

const theme = { foreground: '#eee', background: '#111', red: '#f00', brightGreen: '#0f0' }

async function copied(output: string, start = { x: 0, y: 0 }, end = { x: 20, y: 0 }) {
  const terminal = headless({ cols: 20, rows: 5 })
  await feed(terminal, output)
  const html = htmlOf(terminal.buffer.active, { start, end }, theme)
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
