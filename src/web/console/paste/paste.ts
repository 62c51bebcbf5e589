import type { KeyboardSettings } from '../../settings/keyboard-settings.ts'
import { sevenBits } from '../keys/encode.ts'
import { pasteEscapes } from '../keys/escape-guard.ts'

export interface PreparedPaste {
  /** The text to send. Line ends are CR. */
  text: string
  lines: number
  /** How many control characters were taken out. */
  removed: number
  /** How many characters were taken out because the line has seven bits. */
  uncarried: number
  /** It has what the gateway may take as a command to itself. */
  escapes: boolean
  needsConfirmation: boolean
}

// C0 except tab, LF and CR; DEL; C1. An ESC[201~ in the clipboard would end bracketed paste and run what follows.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g

/**
 * Makes clipboard text safe to type. Control characters are taken out, with or without bracketed paste. Text with a line
 * end needs a confirmation, because each line end runs a command. So does what this server's settings name.
 */
export function preparePaste(clipboard: string, { sevenBit, guarded }: PasteSettings): PreparedPaste {
  const clean = clipboard.replace(/\r\n?|\n/g, '\r').replace(controls, '')
  const text = sevenBit ? sevenBits(clean) : clean
  const removed = clipboard.match(controls)?.length ?? 0
  const uncarried = [...clean].length - [...text].length
  const escapes = pasteEscapes(text, guarded)
  const lines = text.replace(/\r$/, '').split('\r').length
  const needsConfirmation = text.includes('\r') || removed > 0 || uncarried > 0 || escapes
  return { text, lines, removed, uncarried, escapes, needsConfirmation }
}

type PasteSettings = Pick<KeyboardSettings, 'sevenBit' | 'guarded'>

/** The marks around pasted text, for a program that asked for them (DECSET 2004). */
export const PASTE_BEGINS = '\x1b[200~'
export const PASTE_ENDS = '\x1b[201~'
