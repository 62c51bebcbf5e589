import { controlCode } from './encode.ts'

/** What of a key event tells which key it is. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'keyCode' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'
> & { altGraph: boolean }

export type Platform = 'mac' | 'windows' | 'other'

export type Chord =
  | 'copy'
  | 'paste'
  | 'find'
  | 'mark'
  | 'bottom'
  | 'leave'
  | 'font-larger'
  | 'font-smaller'
  | 'font-reset'

/**
 * Letters and digits beyond ASCII that Latin keyboards have. Other scripts' keyboards type no control codes by their
 * labels, so theirs go by the place of the key.
 */
const isLatin = (key: string) => /^[\u0020-\u024f\u20ac]$/.test(key)

/** The key's label is this letter, or stands at its place on a keyboard of another script. */
const isLetter = ({ key, keyCode }: KeyPress, letter: string) =>
  isLatin(key) ? key.toUpperCase() === letter : keyCode === letter.charCodeAt(0)

/**
 * The sign of the text's size on the key. Shift changes `key`, but not `keyCode`, which browsers take from the label:
 * the first numbers are those of Chromium and Safari, then the number block's, then Firefox's.
 */
function sizeSign({ key, keyCode }: KeyPress): '+' | '-' | '0' | null {
  if ([187, 107, 171, 61].includes(keyCode)) return '+'
  if ([189, 109, 173].includes(keyCode)) return '-'
  if ([48, 96].includes(keyCode)) return '0'
  return key === '+' || key === '-' ? key : null
}

/**
 * Tells which keys are ours and not the line's, by their labels. They are few, and a shell, vi or GRUB needs none of them.
 */
export function chordOf(event: KeyPress, mac: boolean): Chord | null {
  const { key, code, ctrlKey, shiftKey, altKey, metaKey, altGraph } = event
  if (altKey || altGraph) return null
  if (ctrlKey && !shiftKey && !metaKey) {
    if (key === 'F6') return 'leave'
    if (key === 'Insert') return 'copy'
  }
  if (shiftKey && !ctrlKey && !metaKey) return key === 'Insert' ? 'paste' : null
  if (mac ? !metaKey || ctrlKey : !ctrlKey || metaKey) return null
  if (mac || shiftKey) {
    if (isLetter(event, 'C')) return 'copy'
    if (isLetter(event, 'V')) return 'paste'
    if (isLetter(event, 'F')) return 'find'
    if (isLetter(event, 'B')) return 'mark'
    if (key === 'End') return 'bottom'
  }
  // A US keyboard has the underscore above the minus, and Ctrl+_ undoes in Emacs and in a shell.
  if (!mac && key === '_' && code === 'Minus') return null
  switch (sizeSign(event)) {
    case '+':
      return 'font-larger'
    case '-':
      return 'font-smaller'
    case '0':
      return 'font-reset'
    case null:
      return null
  }
}

/** Who makes bytes of a key. */
export type KeyPlan =
  /** These bytes go to the line. */
  | { by: 'text'; text: string }
  /** The key's bytes depend on the server. The terminal would make the same of it and of Ctrl+H. */
  | { by: 'name'; name: 'Backspace' }
  /** The terminal knows better. `meta`: Option makes Meta of this key, and no character. */
  | { by: 'terminal'; meta: boolean }
  /** Nobody: the browser may have it. */
  | { by: 'browser' }

const byTerminal: KeyPlan = { by: 'terminal', meta: false }
const byBrowser: KeyPlan = { by: 'browser' }

/** Makes bytes of the keys where the terminal goes by the key's place on a US keyboard, and not by its label. */
export function planKey(event: KeyPress, platform: Platform, optionIsMeta: boolean): KeyPlan {
  const { key, code, ctrlKey, altKey, metaKey, altGraph } = event
  if (metaKey) return byTerminal
  if (key === 'Backspace' && ctrlKey && !altKey) return { by: 'name', name: key }
  if (ctrlKey && !altKey) return isLatin(key) ? planControl(event, platform) : byTerminal
  if (!altKey || ctrlKey) return byTerminal
  // Option makes no ASCII character on a keyboard that does not need it for that.
  if (platform === 'mac') return { by: 'terminal', meta: optionIsMeta && !/^[!-~]$/.test(key) }
  // On Windows, Alt and a number of the number block is a character.
  if (altGraph || code.startsWith('Numpad')) return byTerminal
  return isLatin(key) ? { by: 'text', text: `\x1b${key}` } : byTerminal
}

function planControl({ key, keyCode, shiftKey, altGraph }: KeyPress, platform: Platform): KeyPlan {
  // AltGr is Ctrl and Alt there: this is a character.
  if (altGraph && platform === 'windows') return byTerminal
  if (/^[a-z]$/i.test(key)) {
    // The terminal takes Ctrl+M for Enter, whose bytes are a choice.
    const known = keyCode === key.toUpperCase().charCodeAt(0) && key.toLowerCase() !== 'm'
    return shiftKey || known ? byTerminal : { by: 'text', text: controlCode(key) ?? '' }
  }
  const code = controlCode(key)
  return code === null ? byBrowser : { by: 'text', text: code }
}

export type OptionKey = 'auto' | 'meta' | 'characters'

/**
 * Whether Option is Meta on a Mac's keyboard.
 * @param keys what its keys type without Shift, by `code`; null: the browser does not tell
 * @param language the browser's, which is all that is known then
 */
export function isOptionMeta(
  choice: OptionKey,
  keys: ReadonlyMap<string, string> | null,
  language: string,
): boolean {
  if (choice !== 'auto') return choice === 'meta'
  // A keyboard that has no bracket of its own has it behind Option.
  return keys ? [...keys.values()].includes('[') : /^(en|ja|ko|zh)\b/.test(language)
}
