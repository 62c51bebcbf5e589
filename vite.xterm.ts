import type { Plugin } from 'vite'

const XTERM = /@xterm\/xterm\/lib\/xterm\.mjs/

/** In xterm.js 6.0.0: `_applyMinimumContrast(…, colors.foreground, …) || isInverse && classes.push(…)` */
const WEIGHED =
  /(_applyMinimumContrast\(\w+,\w+,)(\w+)\.foreground((?:,\w+)+\)\|\|)(\w+)(&&\w+\.push\(`xterm-fg-)/
/** `minimumContrastRatio === 1 || treatGlyphAsBackgroundColor(cell.getCode())` */
const LINES = /minimumContrastRatio===1\|\|(\$?\w+)\(\w+\.getCode\(\)\)/
/** The end of what must hold for a cell to join a span, and how its text is added. */
const JOINS = /(&&\w+)\)\{(\w+)\.isInvisible\(\)\?(\w+)\+=(\w+):\3\+=/

/**
 * Mends two colours where the page draws the terminal. There is no option for either, and the places are private. The GPU
 * renderer has both right.
 *
 * - Reversed text, e.g. a status line: xterm.js weighs the contrast of the colour that the text had before it was
 *   reversed. That is the colour of its background, so it becomes grey instead of the terminal's own background.
 * - Text behind a line of a box: lines keep their colour, since they must meet a background of the same colour. Cells
 *   that look alike share a span, whose colour is that of its first cell. So a line would have the text behind it keep an
 *   unreadable colour, too. Lines and text get spans of their own.
 */
export function readableText(): Plugin {
  return {
    name: 'bms-console:readable-text',
    // A bundle of it for development would not pass here.
    config: () => ({ optimizeDeps: { exclude: ['@xterm/xterm'] } }),
    transform: {
      filter: { id: XTERM },
      handler(code) {
        const isLine = LINES.exec(code)?.[1]
        if (!isLine || !WEIGHED.test(code) || !JOINS.test(code))
          this.error('This xterm.js colours text in another way. Is it mended?')
        const apart = (_: string, rest: string, cell: string, text: string, blank: string) =>
          `${rest}&&${isLine}(${text}.codePointAt(0)??0)===${isLine}(${cell}.getCode())` +
          `){${cell}.isInvisible()?${text}+=${blank}:${text}+=`
        return {
          code: code.replace(WEIGHED, '$1$4?$2.background:$2.foreground$3$4$5').replace(JOINS, apart),
          map: null,
        }
      },
    },
  }
}
