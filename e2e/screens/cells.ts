import type { BaselineScreen } from '../../src/testing/screens/baseline-cells.ts'
import type { OpenGateway } from '../open-gateway.ts'
import { expect, intervals } from '../stack.ts'
import type { PaintedCell } from './paint.ts'

/** A terminal's own colours, and those that have numbers */
export interface Palette {
  foreground: string
  background: string
  numbered: readonly string[]
}

const NUMBERED = 16

/** Asks the terminal for its colours, as a program does. */
export async function askPalette(gateway: OpenGateway): Promise<Palette> {
  gateway.typed = ''
  const asked = Array.from({ length: NUMBERED }, (_, index) => `;${index};?`).join('')
  gateway.print(`\x1b]10;?;?\x07\x1b]4${asked}\x07`)
  const answers = () =>
    [...gateway.typed.matchAll(/rgb:(..)..\/(..)..\/(..)../g)].map(([, ...rgb]) => `#${rgb.join('')}`)
  await expect.poll(answers, { intervals }).toHaveLength(2 + NUMBERED)
  const [foreground = '', background = '', ...numbered] = answers()
  return { foreground, background, numbered }
}

/** The colours of a look in the words of a baseline */
function coloursOf(look: string, palette: Palette): Pick<PaintedCell, 'background' | 'ink'> {
  const chosen = (layer: 'foreground' | 'background') => {
    const [, index] = new RegExp(`${layer} (\\d+)`).exec(look) ?? []
    return index === undefined ? palette[layer] : (palette.numbered[Number(index)] ?? '')
  }
  const reversed = /reverse/.test(look)
  // The page makes other pairs easier to read, and dim text fainter.
  const isPlain = !/ground|dim|invisible/.test(look)
  return {
    background: chosen(reversed ? 'foreground' : 'background'),
    ink: isPlain ? palette[reversed ? 'background' : 'foreground'] : null,
  }
}

/** @returns what a picture of this screen should show, in a terminal of these colours */
export const paintedCells = ({ rows, cursor }: BaselineScreen, palette: Palette): PaintedCell[][] =>
  rows.map((cells, row) => {
    let end = 0
    return cells.map(({ text, columns, look }) => {
      const isCursor = row === cursor.row - 1 && end === cursor.column - 1
      end += columns
      return { text, columns, look, cursor: isCursor, ...coloursOf(look, palette) }
    })
  })
