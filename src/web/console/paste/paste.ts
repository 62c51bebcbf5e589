export interface PreparedPaste {
  /** The text to send. Line ends are CR. */
  text: string
  lines: number
  /** How many control characters were taken out. */
  removed: number
  needsConfirmation: boolean
}

// C0 except tab, LF and CR; DEL; C1. An ESC[201~ in the clipboard would end bracketed paste and run what follows.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/**
 * Makes clipboard text safe to type. Control characters are taken out, with or without bracketed paste. Text with a line
 * end needs a confirmation, because each line end runs a command.
 */
export function preparePaste(clipboard: string): PreparedPaste {
  const clean = clipboard.replace(/\r\n?|\n/g, '\r').replace(controls, '')
  const removed = clipboard.match(controls)?.length ?? 0
  const lines = clean.replace(/\r$/, '').split('\r').length
  return { text: clean, lines, removed, needsConfirmation: clean.includes('\r') || removed > 0 }
}

/** The marks around pasted text, for a program that asked for them (DECSET 2004). */
export const PASTE_BEGINS = '\x1b[200~'
export const PASTE_ENDS = '\x1b[201~'
