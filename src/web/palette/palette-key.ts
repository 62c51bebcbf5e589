/** The palette's chord, as it is printed on the keys. */
export const paletteKeys = (mac: boolean): string => (mac ? '⌘K' : 'Ctrl+K')

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/**
 * Whether the key opens the palette. In a terminal Ctrl+K is the line's: shells delete to the end of the line by it. No
 * server has a Command key.
 */
export function opensPalette(
  { key, ctrlKey, metaKey, altKey, shiftKey }: Key,
  mac: boolean,
  inTerminal: boolean,
): boolean {
  if (key.toLowerCase() !== 'k' || altKey || shiftKey) return false
  return mac ? metaKey && !ctrlKey : ctrlKey && !metaKey && !inTerminal
}
