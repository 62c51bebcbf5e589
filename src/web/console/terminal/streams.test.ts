import { readdir, readFile } from 'node:fs/promises'
import type { Terminal } from '@xterm/headless'
import { expect, it } from 'vitest'
import { feed, headless, rowsOf, screenOf } from '../../../testing/web/headless.ts'
import { CostlySequences } from './costly.ts'
import { ScreenHistory } from './screen-history.ts'

// What real programs sent to a VT220 of 24 rows and 80 columns while somebody used them.

const folder = 'src/testing/web/streams'
const names = (await readdir(folder)).map((file) => file.replace('.bin', '')).sort()

/** How many rows the scrollback has beyond a bare terminal's, and how many rows vanished from that one */
const extraRows: Record<string, [extra: number, vanished: number]> = {
  'busybox-less': [0, 0],
  'busybox-top': [27, 173],
  'busybox-vi': [0, 0],
  less: [69, 69],
  tmux: [38, 30],
  top: [0, 0],
  vim: [70, 78],
  'vim-split': [10, 1],
  'vim-vt100': [70, 93],
  watch: [0, 0],
}

/** Sequences one by one, and the text between them row by row */
const tokensOf = (stream: string): string[] =>
  stream.match(
    /\x1b\[[\x20-\x3f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|\n|[^\x1b\n]+|\x1b/g,
  ) ?? []

/** Counters and clocks change with each repaint, so digits do not count. */
const withoutDigits = (text: string) => text.replace(/\d+/g, '0')

function normalScreen(terminal: Terminal): string[] {
  const { normal } = terminal.buffer
  return rowsOf(terminal).slice(normal.baseY)
}

interface Played {
  ours: Terminal
  theirs: Terminal
  /** Rows that were on the bare terminal, and that an erase or a scroll took from its screen and its scrollback */
  lost: Set<string>
  /** How many rows erases took, counted at each repaint */
  erased: number
}

async function play(name: string): Promise<Played> {
  const stream = await readFile(`${folder}/${name}.bin`, 'latin1')
  const [ours, theirs] = [headless(), headless()]
  new CostlySequences(ours)
  new ScreenHistory(ours)
  const lost = new Set<string>()
  let erased = 0
  for (const token of tokensOf(stream)) {
    const destroys = /^\x1b\[[\d;?]*[JLMST]$|^\x1b[cDEM]$|^\x1b#8$|^\n$/.test(token)
    const before = destroys ? normalScreen(theirs) : []
    const cursor = theirs.buffer.active.cursorY
    await Promise.all([feed(ours, token), feed(theirs, token)])
    if (!destroys) continue
    const after = new Set(rowsOf(theirs))
    const screen = normalScreen(theirs)
    for (const [row, text] of before.entries()) {
      // An erase from within a row leaves the rest of it.
      const edited = token.endsWith('J') && row === cursor && screen[row] !== ''
      if (text === '' || after.has(text) || edited) continue
      lost.add(text)
      erased += 1
    }
  }
  return { ours, theirs, lost, erased }
}

it.each(names)('%s loses no row, and looks the same', async (name) => {
  const { ours, theirs, lost, erased } = await play(name)
  expect(screenOf(ours)).toEqual(screenOf(theirs))
  const comparable = name.endsWith('top') ? withoutDigits : (text: string) => text
  const kept = new Set(rowsOf(ours).map(comparable))
  expect([...lost].filter((text) => !kept.has(comparable(text)))).toEqual([])
  for (const row of rowsOf(theirs)) expect(kept).toContain(comparable(row))
  const extra = ours.buffer.normal.length - theirs.buffer.normal.length
  expect([name, extra, erased]).toEqual([name, ...(extraRows[name] ?? [])])
})
