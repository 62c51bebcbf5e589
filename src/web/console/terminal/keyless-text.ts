import type { Terminal } from '@xterm/xterm'

/** What came before the text, and may be where it came from. */
type Source =
  /** Nothing: dictation, an emoji picker, a pen. */
  | 'no-key'
  /** A key that makes a character, or is a part of a composition. xterm.js sends it. */
  | 'key'
  /** A keyboard of Android, where each key has the number 229 and the text area alone tells which it was. */
  | 'key-229'

const DELETE = '\x7f'

/**
 * Types text that comes without keys, or with keys that do not say which they are. xterm.js 6.0.0 takes the former only
 * outside of its screen reader mode, and only while no key is down (xtermjs/xterm.js#6185). For the latter it looks a
 * moment after each key at what its text area has become: of two keys in that moment the second is typed twice. So both
 * are taken here, before xterm.js sees them.
 * @param element has the terminal in it, and goes with it
 */
export function typeKeylessText(terminal: Pick<Terminal, 'input'>, element: HTMLElement): void {
  let source: Source = 'no-key'
  /** What the text area had at the last key, or after the last text */
  let before = ''
  /** How many compositions are under way, or just over: xterm.js sends one a moment later, with all that follows it. */
  let compositions = 0
  const compose = (count: number) => {
    compositions += count
  }
  element.addEventListener('compositionstart', () => compose(1), true)
  // Its moment begins after ours, since it hears of the end later.
  const over = () => setTimeout(() => setTimeout(() => compose(-1)))
  element.addEventListener('compositionend', over, true)
  const on = (kind: 'keydown' | 'keypress' | 'keyup', from: (event: KeyboardEvent) => Source) =>
    element.addEventListener(
      kind,
      (event) => {
        source = from(event)
      },
      true,
    )
  on('keydown', (event) => {
    if (event.keyCode !== 229) return 'no-key'
    if (compositions > 0) return 'key'
    event.stopPropagation()
    before = textOf(event)
    return 'key-229'
  })
  on('keypress', () => 'key')
  on('keyup', () => 'no-key')
  const onText = (event: Event) => {
    if (!(event instanceof InputEvent) || event.isComposing || compositions > 0) return
    const { data, inputType } = event
    const from = source
    source = 'no-key'
    const was = before
    before = textOf(event)
    if (from === 'key') return
    const typed = inputType === 'insertText' ? data : from === 'key-229' ? difference(was, before) : null
    if (!typed) return
    event.stopPropagation()
    terminal.input(typed)
  }
  element.addEventListener('input', onText, true)
}

const textOf = ({ target }: Event) => (target instanceof HTMLTextAreaElement ? target.value : '')

/** The keys that make one text of the other: a keyboard that corrects a word takes its end away and writes another. */
function difference(before: string, after: string): string {
  const [had, has] = [[...before], [...after]]
  const end = had.findIndex((character, place) => character !== has[place])
  const same = end < 0 ? had.length : end
  return DELETE.repeat(had.length - same) + has.slice(same).join('')
}
