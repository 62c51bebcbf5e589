/** A key of the send-keys menu. Labels are the names on the keys. */
export interface SendableKey {
  label: string
  text: string
  /** What it does at an ordinary shell. */
  name?: 'interrupt' | 'endOfInput' | 'suspend' | 'quit' | 'eraseWord'
  /** The label where there is little room. */
  short?: string
}

export const controlKeys: readonly SendableKey[] = [
  { label: 'Ctrl+C', name: 'interrupt', text: '\x03' },
  { label: 'Ctrl+D', name: 'endOfInput', text: '\x04' },
  { label: 'Ctrl+Z', name: 'suspend', text: '\x1a' },
  { label: 'Ctrl+\\', name: 'quit', text: '\x1c' },
  { label: 'Ctrl+W', name: 'eraseWord', text: '\x17' },
  { label: 'Ctrl+]', text: '\x1d' },
  { label: 'Esc', text: '\x1b' },
]

/** The keys that a shell needs most and a touch screen's keyboard lacks. */
export const touchKeys: readonly SendableKey[] = [
  { label: 'Esc', text: '\x1b' },
  { label: 'Tab', text: '\t' },
  { label: 'Ctrl+C', short: '^C', text: '\x03' },
  { label: 'Ctrl+D', short: '^D', text: '\x04' },
  { label: 'Ctrl+Z', short: '^Z', text: '\x1a' },
]

/** The arrows, each with the last character of its sequence (CSI or SS3). */
export const arrowKeys = [
  { label: '←', final: 'D' },
  { label: '↓', final: 'B' },
  { label: '↑', final: 'A' },
  { label: '→', final: 'C' },
] as const

/** xterm's and the VT220's sequences. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
export const functionKeys: readonly SendableKey[] = [
  ...['P', 'Q', 'R', 'S'].map((letter, index) => ({ label: `F${index + 1}`, text: `\x1bO${letter}` })),
  ...[15, 17, 18, 19, 20, 21, 23, 24].map((code, index) => ({
    label: `F${index + 5}`,
    text: `\x1b[${code}~`,
  })),
]

/** The VT220 forms. Firmware menus know them, and so does `TERM=vt220`, the usual one on a serial line. */
export const navigationKeys: readonly SendableKey[] = [
  { label: 'Home', text: '\x1b[1~' },
  { label: 'End', text: '\x1b[4~' },
  { label: 'Insert', text: '\x1b[2~' },
  { label: 'Delete', text: '\x1b[3~' },
  { label: 'Page Up', text: '\x1b[5~' },
  { label: 'Page Down', text: '\x1b[6~' },
]

/** SysRq command keys. https://docs.kernel.org/admin-guide/sysrq.html */
export const sysrqKeys = ['h', 's', 'u', 'b', 'e', 'i', 't', 'm', 'w', 'f', 'r', 'o'] as const
export type SysrqKey = (typeof sysrqKeys)[number]

/** Those that end everybody's work: reboot, power off, end or kill all programs. */
export type GraveSysrqKey = 'b' | 'e' | 'i' | 'o'
export const isGrave = (key: SysrqKey): key is GraveSysrqKey => 'beio'.includes(key)

export type Chord = 'copy' | 'paste' | 'leave' | 'font-larger' | 'font-smaller' | 'font-reset'

type KeyLike = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>

/** Tells which keys are ours and not the line's. They are few, and a shell, vi or GRUB needs none of them. */
export function chordOf(event: KeyLike, mac: boolean): Chord | null {
  const { code, ctrlKey, shiftKey, altKey, metaKey } = event
  if (altKey) return null
  if (ctrlKey && !shiftKey && !metaKey) {
    if (code === 'F6') return 'leave'
    if (code === 'Insert') return 'copy'
    return null
  }
  if (shiftKey && !ctrlKey && !metaKey) return code === 'Insert' ? 'paste' : null
  const command = mac ? metaKey && !ctrlKey : ctrlKey && shiftKey && !metaKey
  if (!command) return null
  switch (code) {
    case 'KeyC':
      return 'copy'
    case 'KeyV':
      return 'paste'
    case 'Equal':
      return 'font-larger'
    case 'Minus':
      return 'font-smaller'
    case 'Digit0':
      return 'font-reset'
    default:
      return null
  }
}
