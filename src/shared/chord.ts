import * as z from 'zod/mini'

/**
 * Keys that are pressed together, as a portal names them: `Ctrl+K`, `Ctrl+Shift+P`, `Alt+F2`, `F1`. A key that types a
 * character has Ctrl, Alt or Meta, so a password that is typed in a console is never among them.
 */
export const Chord = z
  .string()
  .check(
    z.regex(
      /^(?:(?=(?:Shift\+)?(?:Ctrl|Alt|Meta)\+)(?:(?:Ctrl|Alt|Shift|Meta)\+){1,4}(?:[!-~]|Enter|Escape|Tab|Space|Backspace|Delete|Insert|Home|End|PageUp|PageDown|Arrow(?:Up|Down|Left|Right))|(?:(?:Ctrl|Alt|Shift|Meta)\+){0,4}F(?:[1-9]|1\d|2[0-4]))$/,
    ),
  )

/** The parts of a keyboard event that tell a chord. */
export interface PressedKeys {
  key: string
  code: string
  ctrlKey: boolean
  altKey: boolean
  shiftKey: boolean
  metaKey: boolean
}

/** @returns whether exactly these keys are pressed */
export function isPressed(chord: string, event: PressedKeys): boolean {
  // The key itself may be a plus sign.
  const plus = chord.lastIndexOf('+', chord.length - 2)
  const wanted = chord.slice(plus + 1)
  const held = new Set(plus < 0 ? [] : chord.slice(0, plus).split('+'))
  if (held.has('Ctrl') !== event.ctrlKey || held.has('Alt') !== event.altKey) return false
  if (held.has('Meta') !== event.metaKey) return false
  const isSymbol = /^[^A-Za-z0-9]$/.test(wanted)
  // Symbols are where the layout has them, with Shift or without.
  if (!isSymbol && held.has('Shift') !== event.shiftKey) return false
  const key = event.key === ' ' ? 'Space' : event.key
  if (key.toLowerCase() === wanted.toLowerCase()) return true
  // Option on a Mac makes other characters of letters, and other scripts have others.
  return key.length === 1 && key > '~' && event.code === `Key${wanted.toUpperCase()}`
}
