/** `platform` is deprecated, but only Chromium has its successor. A wrong answer costs little: a hint or a chord. */
export const onMac = navigator.platform.startsWith('Mac')

/** The chords as this keyboard names them. */
export const chordNames = onMac
  ? { copy: '⌘C', paste: '⌘V' }
  : { copy: 'Ctrl+Shift+C', paste: 'Ctrl+Shift+V' }
