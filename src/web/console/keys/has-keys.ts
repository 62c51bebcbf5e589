import { useSyncExternalStore } from 'react'

const touch = window.matchMedia('(pointer: coarse), (hover: none)')
let wasSeen = false
const listeners = new Set<() => void>()

/** Keyboards on a screen have none of these, and name no key otherwise. */
export const isOfKeyboard = ({ key, keyCode, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  keyCode !== 229 && (ctrlKey || metaKey || altKey || /^(Control|Meta|Alt|Escape|Arrow\w+|F\d+)$/.test(key))

function onKey(event: KeyboardEvent): void {
  if (wasSeen || !event.isTrusted || !isOfKeyboard(event)) return
  wasSeen = true
  for (const listener of listeners) listener()
}
window.addEventListener('keydown', onKey, true)

/** Whether people here may press such keys as Ctrl: this is no touch screen, or one with a keyboard that was used. */
const hasKeys = () => wasSeen || !touch.matches

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  touch.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    touch.removeEventListener('change', listener)
  }
}

/** A shortcut is told where it is true. */
export const useHasKeys = (): boolean => useSyncExternalStore(subscribe, hasKeys)
