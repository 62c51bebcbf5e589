import { isPressed } from '../../shared/chord.ts'

/**
 * Keeps the portal's keys from the line and from the browser, wherever the focus is in this page.
 * @param chords the portal's keys now
 * @returns stops it
 */
export function passKeys(chords: () => readonly string[], pass: (chord: string) => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method works on it.
    if (event.isComposing || event.keyCode === 229) return
    const chord = chords().find((each) => isPressed(each, event))
    if (chord === undefined) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!event.repeat) pass(chord)
  }
  // The window hears it first.
  window.addEventListener('keydown', onKeyDown, true)
  return () => window.removeEventListener('keydown', onKeyDown, true)
}
