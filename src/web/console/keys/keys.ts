import type { KeyName } from './encode.ts'

/** A control code of the keys menu. Labels are the names on the keys. */
export interface ControlKey {
  label: string
  text: string
  /** What it does at an ordinary shell. */
  name?: 'interrupt' | 'endOfInput' | 'suspend' | 'quit' | 'eraseWord' | 'eraseLine' | 'clearScreen'
}

export const controlKeys: readonly ControlKey[] = [
  { label: 'Ctrl+C', name: 'interrupt', text: '\x03' },
  { label: 'Ctrl+D', name: 'endOfInput', text: '\x04' },
  { label: 'Ctrl+Z', name: 'suspend', text: '\x1a' },
  { label: 'Ctrl+\\', name: 'quit', text: '\x1c' },
  { label: 'Ctrl+W', name: 'eraseWord', text: '\x17' },
  { label: 'Ctrl+U', name: 'eraseLine', text: '\x15' },
  { label: 'Ctrl+L', name: 'clearScreen', text: '\x0c' },
  { label: 'Esc', text: '\x1b' },
]

/** Those that keyboards hide or browsers keep: NUL, GS (telnet's escape), RS, US, and both meanings of Backspace. */
export const rareControlKeys: readonly ControlKey[] = [
  { label: 'Ctrl+@', text: '\0' },
  { label: 'Ctrl+]', text: '\x1d' },
  { label: 'Ctrl+^', text: '\x1e' },
  { label: 'Ctrl+_', text: '\x1f' },
  { label: 'Ctrl+H', text: '\b' },
  { label: 'Ctrl+?', text: '\x7f' },
]

/** Characters that shells need and keyboards of phones hide. */
export const symbolKeys = ['|', '/', '~', '-'] as const

/** The arrows, as they are drawn, and as they are called. */
export const arrowKeys = [
  { label: '←', key: 'ArrowLeft', final: 'D' },
  { label: '↓', key: 'ArrowDown', final: 'B' },
  { label: '↑', key: 'ArrowUp', final: 'A' },
  { label: '→', key: 'ArrowRight', final: 'C' },
] as const

/** What stands on the key: "Page Up". */
export const keyLabel = (name: KeyName): string => name.replace(/(?<=Page)/, ' ')

/** SysRq command keys. https://docs.kernel.org/admin-guide/sysrq.html */
export const sysrqKeys = ['h', 's', 'u', 'b', 'e', 'i', 't', 'm', 'w', 'f', 'r', 'o'] as const
export type SysrqKey = (typeof sysrqKeys)[number]

/** Those that end everybody's work: reboot, power off, end or kill all programs. */
export type GraveSysrqKey = 'b' | 'e' | 'i' | 'o'
export const isGrave = (key: SysrqKey): key is GraveSysrqKey => 'beio'.includes(key)
