import type { Plugin } from 'vite'

const XTERM = /@xterm\/xterm\/lib\/xterm\.mjs/
/** In xterm.js 6.0.0: `_applyMinimumContrast(…, colors.foreground, …) || isInverse && classes.push(…)` */
const WEIGHED =
  /(_applyMinimumContrast\(\w+,\w+,)(\w+)\.foreground((?:,\w+)+\)\|\|)(\w+)(&&\w+\.push\(`xterm-fg-)/

/**
 * Mends the colour of reversed text where the page draws it, e.g. of a status line. xterm.js weighs the contrast of the
 * colour that the text had before it was reversed. That is the colour of its background, so it becomes grey instead of
 * the terminal's own background. The GPU renderer has it right. There is no option, and the place is private.
 */
export function readableReverse(): Plugin {
  return {
    name: 'bms-console:readable-reverse',
    // A bundle of it for development would not pass here.
    config: () => ({ optimizeDeps: { exclude: ['@xterm/xterm'] } }),
    transform: {
      filter: { id: XTERM },
      handler(code) {
        if (!WEIGHED.test(code)) this.error('This xterm.js draws reversed text in another way. Is it mended?')
        return { code: code.replace(WEIGHED, '$1$4?$2.background:$2.foreground$3$4$5'), map: null }
      },
    },
  }
}
