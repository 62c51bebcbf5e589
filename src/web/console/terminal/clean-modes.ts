const TAB_STOPS = 64

/** Tab stops at each eighth column again. A stop beyond the screen is one in its last column, which does nothing. */
const tabs = `\r\x1b[3g\x1bH${'\x1b[8C\x1bH'.repeat(TAB_STOPS)}`

/**
 * Puts back what a lost program changed, as far as a screen's content does not show it. `reset()` is no choice: it would
 * clear the scrollback. What moves the cursor stands between its saving and its restoring.
 */
export const CLEAN_MODES = [
  // Mouse, focus, bracketed paste, updates held back
  '\x1b[?9;1000;1002;1003;1004;1006;1016;2004;2026l',
  // Application keys, keypad, backspace that wraps
  '\x1b[?1;45;66l\x1b>',
  // Origin mode, scroll region
  `\x1b7\x1b[?6l\x1b[r${tabs}\x1b8`,
  // Cursor shown, wrapping on, no insertion, line feed without return
  '\x1b[?25;7h\x1b[4;20l',
  // Character sets
  '\x1b(B\x1b)B\x1b*B\x1b+B\x0f',
  // Attributes, protection, an open link
  '\x1b[0m\x1b[0"q\x1b]8;;\x1b\\',
  // The page's cursor shape and colours
  '\x1b[0 q\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\',
].join('')
