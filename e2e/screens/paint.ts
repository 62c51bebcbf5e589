import type { Page } from '@playwright/test'

/** What one cell of a picture of a terminal should look like. */
export interface PaintedCell {
  text: string
  columns: number
  background: string
  /** The colour of its character, where it is not changed for the sake of contrast */
  ink: string | null
  /** How it looks, in words */
  look: string
  /** The cursor is drawn over it. */
  cursor: boolean
}

/**
 * Looks at a picture of a terminal's screen, cell by cell, and allows for any way to smooth edges:
 * - each cell's background has its colour, up to the cell's edges,
 * - a character has ink of its colour, and a blank has none,
 * - the lines of boxes go on from cell to cell.
 * @returns what is wrong, in words
 */
export function paintFaults(
  page: Page,
  png: Buffer,
  rows: readonly (readonly PaintedCell[])[],
): Promise<string[]> {
  return page.evaluate(inspect, { png: png.toString('base64'), json: JSON.stringify(rows) })
}

/** Runs in the page, which can decode pictures. */
async function inspect({ png, json }: { png: string; json: string }): Promise<string[]> {
  const rows: PaintedCell[][] = JSON.parse(json)
  /** So much may a colour differ from another and still be the same: half of what smoothing leaves of a thin line. */
  const SAME = 24
  /** The sides to which a line leads: right, left, down, up */
  const [RIGHT, LEFT, DOWN, UP] = [1, 2, 4, 8]
  const lines = new Map(
    Object.entries({
      '─━': LEFT | RIGHT,
      '│┃': UP | DOWN,
      '┌┏': RIGHT | DOWN,
      '┐┓': LEFT | DOWN,
      '└┗': RIGHT | UP,
      '┘┛': LEFT | UP,
      '├': RIGHT | UP | DOWN,
      '┤': LEFT | UP | DOWN,
    }).flatMap(([characters, sides]) => [...characters].map((character) => [character, sides] as const)),
  )
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('The browser gives no canvas.')
  context.drawImage(bitmap, 0, 0)
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
  const columns = (rows[0] ?? []).reduce((sum, cell) => sum + cell.columns, 0)
  const [cellWidth, cellHeight] = [width / columns, height / rows.length]
  const faults: string[] = []

  /** A colour as the pixels have it: opaque, red in the lowest byte */
  const numberOf = (colour: string) => {
    const rgb = Number.parseInt(colour.slice(1), 16)
    return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0
  }
  const wordOf = (pixel: number) =>
    `#${[0, 8, 16].map((shift) => ((pixel >> shift) & 0xff).toString(16).padStart(2, '0')).join('')}`
  const apart = (one: number, other: number) =>
    one === other
      ? 0
      : Math.max(
          Math.abs((one & 0xff) - (other & 0xff)),
          Math.abs(((one >> 8) & 0xff) - ((other >> 8) & 0xff)),
          Math.abs(((one >> 16) & 0xff) - ((other >> 16) & 0xff)),
        )
  const differs = (x: number, y: number, colour: number) => apart(pixels[y * width + x] ?? 0, colour) > SAME

  interface Placed extends PaintedCell {
    row: number
    column: number
    sides: number
    colour: number
    /** The pixel in its middle */
    x: number
    y: number
  }
  const placed = rows.map((cells, row) => {
    let end = 0
    return cells.map((cell): Placed => {
      const column = end
      end += cell.columns
      const [x, y] = [Math.floor((column + 0.5) * cellWidth), Math.floor((row + 0.5) * cellHeight)]
      const sides = cell.cursor ? 0 : (lines.get(cell.text) ?? 0)
      return { ...cell, row, column, sides, colour: numberOf(cell.background), x, y }
    })
  })

  /** Whether a line goes on from one cell to the next, in a row or column of pixels near their middles */
  const joined = (from: Placed, to: Placed) => {
    const across = from.row === to.row
    const steps = across ? to.x - from.x : to.y - from.y
    // Two colours that meet may mix to that of the background.
    const allowed = from.look === to.look ? 0 : 2
    for (let aside = -4; aside <= 4; aside++) {
      let gaps = 0
      for (let step = 1; step < steps; step++) {
        const [x, y] = across ? [from.x + step, from.y + aside] : [from.x + aside, from.y + step]
        if (!differs(x, y, 2 * step < steps ? from.colour : to.colour)) gaps++
      }
      if (gaps <= allowed) return true
    }
    return false
  }

  /** For each look, how near a pixel comes to the colour that its characters should have */
  const inks = new Map<string, { nearest: number; found: number; cells: number }>()
  for (const cells of placed) {
    for (const cell of cells) {
      if (cell.cursor) continue
      const fault = (text: string) =>
        void faults.push(`row ${cell.row + 1}, column ${cell.column + 1}, "${cell.text}": ${text}`)
      const [left, right] = [
        Math.ceil(cell.column * cellWidth),
        Math.floor((cell.column + cell.columns) * cellWidth),
      ]
      const [top, bottom] = [Math.ceil(cell.row * cellHeight), Math.floor((cell.row + 1) * cellHeight)]
      const wanted = cell.ink === null ? null : numberOf(cell.ink)
      const best = inks.get(cell.look) ?? { nearest: 256, found: 0, cells: 0 }
      let drawn = 0
      let example = 0
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const pixel = pixels[y * width + x] ?? 0
          if (pixel === cell.colour || apart(pixel, cell.colour) <= SAME) continue
          drawn++
          example = pixel
          if (wanted === null) continue
          const off = apart(pixel, wanted)
          if (off < best.nearest) [best.nearest, best.found] = [off, pixel]
        }
      }
      const area = (right - left) * (bottom - top)
      if (cell.text === ' ' && !/underlined|struck/.test(cell.look)) {
        // The letters beside it may reach over by a smoothed edge.
        if (drawn > area / 20)
          fault(`${drawn} of ${area} pixels are not ${cell.background}, but e.g. ${wordOf(example)}`)
        continue
      }
      if (wanted !== null) inks.set(cell.look, { ...best, cells: best.cells + 1 })
      // Not each computer has a font with pictures in it.
      if (drawn === 0 && !/\p{Emoji_Presentation}/u.test(cell.text)) fault('nothing is drawn')
      if (drawn > 0.8 * area) fault(`the background is not ${cell.background}, but e.g. ${wordOf(example)}`)
      const beside = cells.find(({ column }) => column === cell.column + 1)
      if (beside && cell.sides & RIGHT && beside.sides & LEFT && !joined(cell, beside))
        fault('its line does not go on to the right')
      const below = placed[cell.row + 1]?.find(({ column }) => column === cell.column)
      if (below && cell.sides & DOWN && below.sides & UP && !joined(cell, below))
        fault('its line does not go on below')
    }
  }
  for (const [look, { nearest, found, cells }] of inks) {
    // A few thin characters may have no pixel of the full colour.
    if (cells > 5 && nearest > SAME) faults.push(`text that is "${look}" has the colour ${wordOf(found)}`)
  }
  return faults
}
