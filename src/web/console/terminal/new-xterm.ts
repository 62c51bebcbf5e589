import { type ITheme, Terminal } from '@xterm/xterm'
import { countColumns } from './widths.ts'

/** What a page chooses of its terminal */
export interface Look {
  theme: ITheme
  fontSize: number
  screenReader: boolean
}

/** An xterm.js terminal as a serial line needs it. @param follow a link that the machine printed was clicked */
export function newXterm(
  { theme, fontSize, screenReader }: Look,
  follow: (event: MouseEvent, url: string) => void,
): Terminal {
  const term = new Terminal({
    theme,
    fontSize,
    fontFamily: 'ui-monospace, "Cascadia Mono", "JetBrains Mono", Menlo, "DejaVu Sans Mono", monospace',
    // At 1 the DOM renderer cuts off the lowest pixels: DejaVu's underscore vanishes at 14 pixels.
    lineHeight: 1.1,
    scrollback: 50_000,
    // It takes reports of the mouse for typing.
    scrollOnUserInput: false,
    minimumContrastRatio: 4.5,
    screenReaderMode: screenReader,
    // For the widths of characters, which are no part of its settled interface.
    allowProposedApi: true,
    // Its warnings would copy the server's output into the browser's log.
    logLevel: 'off',
    // No shell on a serial line hears of a new size, so none paints the cursor's line again.
    reflowCursorLine: true,
    linkHandler: { activate: follow },
    // `CSI 18 t`, which programs ask to learn the terminal's size. No other report of the window is answered.
    windowOptions: { getWinSizeChars: true },
  })
  countColumns(term)
  return term
}

/** All terminals of a page say it in the page's language. */
export const speak = (tooMuchOutput: string) => {
  Terminal.strings.tooMuchOutput = tooMuchOutput
}
