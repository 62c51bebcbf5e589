import { useHasKeys } from '../keys/has-keys.ts'
import { useKeyName } from '../keys/key-name.ts'
import { keysOf, type ShortcutId } from './shortcuts.ts'

/** Names the keys of a shortcut as this keyboard does. Undefined where people have no such keys. */
export function useShortcutKeys(): (id: ShortcutId) => string | undefined {
  const keyName = useKeyName()
  const hasKeys = useHasKeys()
  return (id) => (hasKeys ? keyName(keysOf(id)) : undefined)
}

/** A tooltip that tells the key, too. */
export const withKeys = (words: string, keys: string | undefined): string =>
  keys === undefined ? words : `${words} (${keys})`
