export interface PreparedPaste {
  /** What is sent, line ends as CR. */
  text: string
  lines: number
  /** Control characters that were taken out. */
  removed: number
  needsConfirmation: boolean
}

// C0 but tab, LF and CR; DEL; C1. An ESC[201~ in the clipboard would end bracketed paste and run what follows.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/**
 * Makes clipboard text safe to type: control characters are taken out, with or without bracketed paste, and more
 * than one line, or one that ends with Enter, is asked about, since each line end runs a command.
 */
export function preparePaste(clipboard: string): PreparedPaste {
  const clean = clipboard.replace(/\r\n?|\n/g, '\r').replace(controls, '')
  const removed = clipboard.match(controls)?.length ?? 0
  const lines = clean.replace(/\r$/, '').split('\r').length
  return { text: clean, lines, removed, needsConfirmation: clean.includes('\r') || removed > 0 }
}

/** Brackets tell a shell or an editor that it is text, where the program asked for it (DECSET 2004). */
export const bracketed = (text: string) => `\x1b[200~${text}\x1b[201~`
