import { describe, expect, it } from 'vitest'
import { feed, headless } from '../../../testing/web/headless.ts'
import { countColumns, widthOf } from './widths.ts'

/** What glibc's `wcwidth` says. */
const columns = {
  0: ['\u0301', '\u20e3', '\u200d', '\ufe0f', '\u1161', '\u{e0100}'],
  1: ['a', 'é', '─', '█', '☺', '♥', '½', '\u00ad', '✔', '\u{1f1e9}', '\u0600', 'ｱ', '�', '\u303f'],
  2: ['日', '한', '（', '〈', '⌚', '✅', '🟢', '🚀', '👍', '\u{1f3fd}', '🪿', '𠀀', '\u{1f200}'],
} as const

describe('widths', () => {
  it.each([0, 1, 2] as const)('takes %d columns for what the C library counts so', (width) => {
    for (const character of columns[width]) {
      expect([character, widthOf(character.codePointAt(0) ?? 0)]).toEqual([character, width])
    }
  })

  it('says the same again', () => {
    for (let round = 0; round < 2; round++) {
      expect([0x1f7e2, 0x301, 0x61, 0x3fffd, 0xe0100].map(widthOf)).toEqual([2, 0, 1, 2, 0])
    }
  })

  it.each([
    ['\u{1f7e2}', 3],
    ['日本', 5],
    ['e\u0301', 2],
    ['日\u0301', 3],
    ['┌─┐', 4],
    ['👩\u200d🚀', 5],
  ])('leaves the cursor behind %s where the machine thinks it is', async (text, column) => {
    const terminal = headless()
    countColumns(terminal)
    const answers: string[] = []
    terminal.onData((answer) => answers.push(answer))
    await feed(terminal, `${text}\x1b[6n`)
    expect(answers).toEqual([`\x1b[1;${column}R`])
  })

  it('keeps a mark in the cell of its character', async () => {
    const terminal = headless()
    countColumns(terminal)
    await feed(terminal, 'e\u0301日\u0301x')
    const line = terminal.buffer.active.getLine(0)
    expect([0, 1, 3].map((at) => line?.getCell(at)?.getChars())).toEqual(['e\u0301', '日\u0301', 'x'])
  })
})
