import type { ITheme } from '@xterm/xterm'

export const themes: Record<'dark' | 'light', ITheme> = {
  dark: {
    background: '#0b0f14', foreground: '#d7dde5', cursor: '#7cc4ff', selectionBackground: '#2d4a6b',
    black: '#1c232c', red: '#ff7b72', green: '#56d364', yellow: '#e3b341', blue: '#79b8ff', magenta: '#d2a8ff', cyan: '#56d4dd', white: '#c9d1d9',
    brightBlack: '#8b949e', brightRed: '#ffa198', brightGreen: '#7ee787', brightYellow: '#f2cc60', brightBlue: '#a5d6ff', brightMagenta: '#e2c5ff', brightCyan: '#87e8ef', brightWhite: '#f5f8fb',
  },
  light: {
    background: '#fbfcfd', foreground: '#1c2430', cursor: '#0b5cad', selectionBackground: '#b9d7f7',
    black: '#1c2430', red: '#b3261e', green: '#1a7033', yellow: '#7a5200', blue: '#0b5cad', magenta: '#7d3c98', cyan: '#0b6e78', white: '#57606a',
    brightBlack: '#57606a', brightRed: '#9a1b14', brightGreen: '#145a29', brightYellow: '#634200', brightBlue: '#084a8c', brightMagenta: '#65307c', brightCyan: '#085a62', brightWhite: '#32383f',
  },
}
