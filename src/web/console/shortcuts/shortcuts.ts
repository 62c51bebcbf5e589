import { onMac } from '../platform.ts'

export type ShortcutId =
  | 'copy'
  | 'paste'
  | 'find'
  | 'mark'
  | 'bottom'
  | 'leave'
  | 'larger'
  | 'smaller'
  | 'usual'
  | 'shortcuts'

interface Shortcut {
  id: ShortcutId
  /** Any of these, each as it is printed on the keys */
  keys: readonly string[]
  /** `terminal`: the page takes them from the line. `page`: they are keys of the line while the terminal has the focus. */
  where: 'terminal' | 'page'
}

/**
 * Every key of the console's page that is not the server's. The sheet and the tooltips tell them; `bind-keys.ts` and
 * `use-page-keys.ts` do what they say.
 */
export function shortcutsOf(mac: boolean): readonly Shortcut[] {
  const command = (key: string) => (mac ? `⌘${key}` : `Ctrl+Shift+${key}`)
  const size = (key: string) => (mac ? `⌘${key}` : `Ctrl+${key}`)
  return [
    { id: 'copy', keys: [command('C'), 'Ctrl+Insert'], where: 'terminal' },
    { id: 'paste', keys: [command('V'), 'Shift+Insert'], where: 'terminal' },
    { id: 'find', keys: [command('F')], where: 'terminal' },
    { id: 'mark', keys: [command('B')], where: 'terminal' },
    { id: 'bottom', keys: [command('End')], where: 'terminal' },
    { id: 'larger', keys: [size('+')], where: 'terminal' },
    { id: 'smaller', keys: [size('-')], where: 'terminal' },
    { id: 'usual', keys: [size('0')], where: 'terminal' },
    { id: 'leave', keys: ['Ctrl+F6'], where: 'terminal' },
    { id: 'shortcuts', keys: ['?'], where: 'page' },
  ]
}

/** The shortcuts on this computer. */
export const shortcuts = shortcutsOf(onMac)

/** The first key of a shortcut, for a tooltip or a menu. */
export const keysOf = (id: ShortcutId): string =>
  shortcuts.find((shortcut) => shortcut.id === id)?.keys[0] ?? ''
