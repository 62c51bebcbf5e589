import { useEffect } from 'react'
import type { ConsoleTerminal } from '../terminal/terminal.ts'
import { loadTerminalFont } from './terminal-font.ts'

// With the page's own script, and before a terminal is there: so its cells are mostly measured once.
void loadTerminalFont()

/** Draws the terminal in the font that comes with the console. Its cells are measured anew when it is here. */
export function useTerminalFont({ frame }: ConsoleTerminal): void {
  useEffect(() => {
    let gone = false
    void loadTerminalFont().then((family) => {
      if (family && !gone) frame.drawIn(family)
    })
    return () => {
      gone = true
    }
  }, [frame])
}
