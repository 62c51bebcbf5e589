import type { KeyboardSettings } from '../../settings/keyboard-settings.ts'

export interface Modifiers {
  shift: boolean
  alt: boolean
  ctrl: boolean
}
export const noModifiers: Modifiers = { shift: false, alt: false, ctrl: false }

/** Keys whose bytes depend on what the machine expects, by their names in `KeyboardEvent.key`. */
const editing = ['Backspace', 'Enter', 'Tab'] as const
const arrows = ['ArrowUp', 'ArrowDown', 'ArrowRight', 'ArrowLeft'] as const
export const navigationNames = ['Insert', 'Delete', 'Home', 'End', 'PageUp', 'PageDown'] as const
export const functionNames = [
  'F1',
  'F2',
  'F3',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'F9',
  'F10',
  'F11',
  'F12',
] as const
type Arrow = (typeof arrows)[number]
type Navigation = (typeof navigationNames)[number]
type Function = (typeof functionNames)[number]
export type KeyName = (typeof editing)[number] | Arrow | Navigation | Function

export type KeyEncoding = Pick<KeyboardSettings, 'backspace' | 'enter' | 'functionKeys'> & {
  /** A full-screen program asked for the application form of the arrows (DECCKM). */
  applicationCursor: boolean
}

const ESC = '\x1b'
export const ENTER: Record<KeyboardSettings['enter'], string> = { cr: '\r', lf: '\n', crlf: '\r\n' }

/** The finals of CSI and SS3. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
const FINALS: Partial<Record<KeyName, string>> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  End: 'F',
  Home: 'H',
  F1: 'P',
  F2: 'Q',
  F3: 'R',
  F4: 'S',
}
/** The numbers before the tilde, those of the VT220 and of xterm. */
const NUMBERS: Partial<Record<KeyName, number>> = {
  Home: 1,
  Insert: 2,
  Delete: 3,
  End: 4,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
}
/** PuTTY's "VT100+": F1 to F12 are SS3 with the letters from P on. */
const VT100_FUNCTIONS = 'PQRSTUVWXYZ['
/**
 * What the UEFI and Windows' emergency console call VT100+ and VT-UTF8.
 * https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2003/cc775805(v=ws.10)
 */
const FIRMWARE_FUNCTIONS = '1234567890!@'
const FIRMWARE_NAVIGATION: Record<Navigation, string> = {
  Insert: '+',
  Delete: '-',
  Home: 'h',
  End: 'k',
  PageUp: '?',
  PageDown: '/',
}

const isNavigation = (name: KeyName): name is Navigation => navigationNames.some((each) => each === name)
const functionIndex = (name: KeyName) => (functionNames as readonly KeyName[]).indexOf(name)

/** What the line is sent for a key. */
export function encodeKey(name: KeyName, modifiers: Modifiers, encoding: KeyEncoding): string {
  const { shift, alt, ctrl } = modifiers
  switch (name) {
    case 'Backspace': {
      const isBs = (encoding.backspace === 'bs') !== ctrl
      return (alt ? ESC : '') + (isBs ? '\b' : '\x7f')
    }
    case 'Enter':
      return (alt ? ESC : '') + ENTER[encoding.enter]
    case 'Tab':
      return (alt ? ESC : '') + (shift ? `${ESC}[Z` : '\t')
    default:
      return encoding.functionKeys === 'xterm'
        ? xtermKey(name, modifiers, encoding.applicationCursor)
        : // Those terminals had no modifiers. Alt is what it is for a letter.
          (alt ? ESC : '') + plainKey(name, encoding)
  }
}

function xtermKey(name: KeyName, { shift, alt, ctrl }: Modifiers, applicationCursor: boolean): string {
  const modifier = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (ctrl ? 4 : 0)
  const final = FINALS[name]
  if (final === undefined) return `${ESC}[${NUMBERS[name]}${modifier > 1 ? `;${modifier}` : ''}~`
  if (modifier > 1) return `${ESC}[1;${modifier}${final}`
  return `${ESC}${applicationCursor || functionIndex(name) >= 0 ? 'O' : '['}${final}`
}

function plainKey(name: KeyName, { functionKeys, applicationCursor }: KeyEncoding): string {
  const index = functionIndex(name)
  if (index >= 0) {
    return functionKeys === 'vt100' ? `${ESC}O${VT100_FUNCTIONS[index]}` : ESC + FIRMWARE_FUNCTIONS[index]
  }
  if (!isNavigation(name)) return xtermKey(name, noModifiers, applicationCursor)
  return functionKeys === 'vt100' ? `${ESC}[${NUMBERS[name]}~` : ESC + FIRMWARE_NAVIGATION[name]
}

const byFinal = new Map(Object.entries(FINALS).map(([name, final]) => [final, name as KeyName]))
const byNumber = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name as KeyName]))

/** The terminal makes reports of the mouse, too, and nobody types them. */
export const isMouse = (text: string) => /^\x1b\[[<M]/.test(text)

/** Which key it was that the terminal made this text of. Null: it is text, or a report of the mouse. */
export function readKey(text: string): { name: KeyName; modifiers: Modifiers } | null {
  const alt = text.length === 2 && text[0] === ESC
  switch (alt ? text[1] : text) {
    case '\x7f':
      return { name: 'Backspace', modifiers: { ...noModifiers, alt } }
    case '\r':
      return { name: 'Enter', modifiers: { ...noModifiers, alt } }
    case '\t':
      return { name: 'Tab', modifiers: { ...noModifiers, alt } }
    case `${ESC}[Z`:
      return { name: 'Tab', modifiers: { ...noModifiers, shift: true } }
  }
  const sequence = /^\x1b(?:O|\[)(?:(\d+)(?:;(\d+))?)?([A-DFHP-S~])$/.exec(text)
  if (!sequence) return null
  const [, number, modifier = '1', final = ''] = sequence
  const name = final === '~' ? byNumber.get(Number(number)) : byFinal.get(final)
  return name ? { name, modifiers: modifiersOf(Number(modifier) - 1) } : null
}

const modifiersOf = (bits: number): Modifiers => ({
  shift: (bits & 1) > 0,
  alt: (bits & 2) > 0,
  ctrl: (bits & 4) > 0,
})

/** The VT220's digits, whose keyboard had no room for all others, and what terminals have added. */
const OTHER_CODES: Record<string, string> = {
  ' ': '\0',
  2: '\0',
  3: ESC,
  4: '\x1c',
  5: '\x1d',
  6: '\x1e',
  7: '\x1f',
  8: '\x7f',
  '/': '\x1f',
  '?': '\x7f',
}

/** The control code of a key's character. */
export function controlCode(character: string): string | null {
  if (/^[@-_a-z]$/.test(character)) return String.fromCharCode(character.charCodeAt(0) & 0x1f)
  return OTHER_CODES[character] ?? null
}

/**
 * What a text becomes when the modifiers are held: they act on its first character, as on a key. An ESC before a single
 * character is Alt, which was held on the keyboard.
 */
export function modified(text: string, { shift, alt, ctrl }: Modifiers): string {
  const meta = /^\x1b.$/su.test(text)
  const [first = '', ...rest] = meta ? text.slice(1) : text
  const upper = shift ? first.toUpperCase() : first
  const code = ctrl ? controlCode(upper) : null
  return (alt || meta ? ESC : '') + (code ?? upper) + rest.join('')
}

/** What typing shows at once on a line whose machine shows nothing. Keys that only move show nothing. */
export function echoOf(typed: string): string {
  return typed
    .replace(/\x1b(?:\[[0-9;<]*[ -/]*[@-~]|O[@-~]|[^[O]|$)/g, '')
    .replace(/\r\n?|\n|[\b\x7f]|[\0-\x1f\x80-\x9f]/g, (control) => {
      if (/[\r\n]/.test(control)) return '\r\n'
      return control === '\b' || control === '\x7f' ? '\b \b' : control === '\t' ? '\t' : ''
    })
}

/** What a line of seven bits can carry. */
export const sevenBits = (text: string) => text.replace(/[^\0-\x7f]/g, '')
