/** `platform` is deprecated, its successor is Chromium's alone; a wrong answer costs a hint, or another key. */
export const onMac = navigator.platform.startsWith('Mac')

/** The chords by the names that this keyboard has for them. */
export const chordNames = onMac
  ? { copy: '⌘C', paste: '⌘V' }
  : { copy: 'Ctrl+Shift+C', paste: 'Ctrl+Shift+V' }
