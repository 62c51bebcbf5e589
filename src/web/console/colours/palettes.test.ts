import { describe, expect, it } from 'vitest'
import { paletteNames, TerminalColours } from '../../settings/terminal-colours.ts'
import { contrast, mix } from './contrast.ts'
import { palettes } from './palettes.ts'
import { coloursOfPage } from './theme.ts'

/** Black on a dark ground, white and bright white on a light one: what boxes are filled with. */
const fillers = { dark: [0], light: [7, 15] }

describe.each([
  ...paletteNames.map((name) => [name, palettes[name]] as const),
  ['of the dark page', coloursOfPage('dark')] as const,
  ['of the light page', coloursOfPage('light')] as const,
])('the colours %s', (_name, colours) => {
  const { foreground, background, cursor, ansi } = colours
  const ground = contrast(background, '#ffffff') > contrast(background, '#000000') ? 'dark' : 'light'

  it('are whole', () => {
    expect(TerminalColours.parse(colours)).toEqual(colours)
  })

  it('have a text of at least 7:1, and a cursor that is seen', () => {
    expect(contrast(foreground, background)).toBeGreaterThanOrEqual(7)
    expect(contrast(cursor, background)).toBeGreaterThanOrEqual(3)
  })

  it('are readable on their ground, each of the 16 that is no filler', () => {
    const weak = ansi.filter(
      (colour, index) => !fillers[ground].includes(index) && contrast(colour, background) < 3,
    )
    expect(weak).toEqual([])
  })
})

it('there are light and dark ones, and one of the highest contrast', () => {
  const { foreground, background } = palettes.contrast
  expect(contrast(foreground, background)).toBeCloseTo(21)
  expect(contrast(palettes.paper.background, '#000000')).toBeGreaterThan(15)
})

it('mixes two colours', () => {
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
  expect(mix('#102030', '#ffffff', 0)).toBe('#102030')
})
