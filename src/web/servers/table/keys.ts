/** What a key does in the list. Enter opens the console: it follows the link of the row that has the focus. */
export type ListCommand =
  | { kind: 'move'; by: number }
  | { kind: 'page'; by: 1 | -1 }
  | { kind: 'edge'; edge: 'first' | 'last' }
  | { kind: 'select' }
  | { kind: 'select-range' }
  | { kind: 'select-all' }
  | { kind: 'clear' }
  | { kind: 'favourite' }
  | { kind: 'apply-order' }
  | { kind: 'help' }

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Letters work wherever nobody types. */
const letters: Record<string, ListCommand> = {
  j: { kind: 'move', by: 1 },
  k: { kind: 'move', by: -1 },
  G: { kind: 'edge', edge: 'last' },
  x: { kind: 'select' },
  X: { kind: 'select-range' },
  f: { kind: 'favourite' },
  a: { kind: 'apply-order' },
  '?': { kind: 'help' },
  Escape: { kind: 'clear' },
}

/** Elsewhere these keys scroll the page. */
const inRows: Record<string, ListCommand> = {
  ArrowDown: { kind: 'move', by: 1 },
  ArrowUp: { kind: 'move', by: -1 },
  Home: { kind: 'edge', edge: 'first' },
  End: { kind: 'edge', edge: 'last' },
  PageDown: { kind: 'page', by: 1 },
  PageUp: { kind: 'page', by: -1 },
  ' ': { kind: 'select' },
}

/**
 * @param atRow a row has the focus
 * @param before the key before this one, if nothing else happened since
 */
export function commandOf(pressed: Pressed, atRow: boolean, before: string | null): ListCommand | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = pressed
  if (altKey) return null
  if (ctrlKey || metaKey)
    return atRow && key.toLowerCase() === 'a' && !shiftKey ? { kind: 'select-all' } : null
  if (key === 'g' && before === 'g') return { kind: 'edge', edge: 'first' }
  if (atRow && key === ' ' && shiftKey) return { kind: 'select-range' }
  return letters[key] ?? (atRow && !shiftKey ? (inRows[key] ?? null) : null)
}
