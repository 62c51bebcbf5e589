import type { Stroke } from '../keys/keyboard.ts'

export type TypedKey = Pick<
  KeyboardEvent,
  'key' | 'keyCode' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'getModifierState'
>

/** Control codes that people press at a machine in a hurry. The other keys with Ctrl are the browser's here. */
const URGENT = /^[cdz\\]$/i
const EDITING = ['Enter', 'Backspace', 'Delete'] as const

/**
 * What a key that was pressed in older lines means for the live line. Space and the keys of navigation read on.
 * @param selected text is selected, which Ctrl+C copies
 * @returns `focus`: which character it will be is not told yet; null: it is no typing
 */
export function typedKey(event: TypedKey, selected: boolean, mac: boolean): Stroke | 'focus' | null {
  const { key, keyCode, ctrlKey, altKey, shiftKey, metaKey } = event
  const altGraph = event.getModifierState('AltGraph')
  if (keyCode === 229 || key === 'Dead') return 'focus'
  if (metaKey) return null
  const name = EDITING.find((each) => each === key)
  if (name && !ctrlKey) return { name, modifiers: { shift: shiftKey, alt: altKey, ctrl: false } }
  if (ctrlKey && !altGraph) {
    if (altKey || shiftKey || selected || !URGENT.test(key)) return null
    return { text: String.fromCharCode(key.charCodeAt(0) & 0x1f) }
  }
  if ([...key].length !== 1 || key === ' ') return null
  // Option makes a character on a Mac, and AltGr does elsewhere.
  return { text: altKey && !altGraph && !mac ? `\x1b${key}` : key }
}
