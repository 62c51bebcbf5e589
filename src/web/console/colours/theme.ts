import type { ITheme } from '@xterm/xterm'
import type { Settings } from '../../settings/settings.ts'
import type { TerminalColours } from '../../settings/terminal-colours.ts'
import { ansiNames } from '../terminal/ansi-names.ts'
import { themes } from '../terminal/themes.ts'
import { mix } from './contrast.ts'
import { palettes } from './palettes.ts'

/** What the terminal draws with. What is not chosen, such as the selection, follows from what is. */
function themeOf({ foreground, background, cursor, ansi }: TerminalColours): ITheme {
  return {
    foreground,
    background,
    cursor,
    cursorAccent: background,
    selectionBackground: mix(background, cursor, 0.35),
    selectionInactiveBackground: mix(background, foreground, 0.2),
    scrollbarSliderBackground: `${foreground}24`,
    scrollbarSliderHoverBackground: `${foreground}40`,
    scrollbarSliderActiveBackground: `${foreground}59`,
    ...Object.fromEntries(ansiNames.map((name, index) => [name, ansi[index]])),
  }
}

type Choice = Pick<Settings, 'terminalColours' | 'ownColours'>

/** @returns the colours that were chosen for the terminal; null follows the page */
function chosenColours({ terminalColours, ownColours }: Choice): TerminalColours | null {
  switch (terminalColours) {
    case 'page':
      return null
    case 'own':
      return ownColours
    default:
      return palettes[terminalColours]
  }
}

/** @param page the page's theme now */
export function chosenTheme(choice: Choice, page: 'light' | 'dark'): ITheme {
  const colours = chosenColours(choice)
  return colours ? themeOf(colours) : themes[page]
}

const BLACK = '#000000'

/** The page's own colours for the terminal. */
export function coloursOfPage(page: 'light' | 'dark'): TerminalColours {
  const { foreground = BLACK, background = BLACK, cursor = BLACK, ...rest } = themes[page]
  return { foreground, background, cursor, ansi: ansiNames.map((name) => rest[name] ?? BLACK) }
}
