import type { Terminal } from '@xterm/xterm'

/** What came before the text, and may be where it came from. */
type Source =
  /** Nothing: dictation, an emoji picker, a pen. */
  | 'no-key'
  /** A key that makes a character. xterm.js sends it. */
  | 'key'
  /** A keyboard of Android, where each key has this number. xterm.js looks what the text has become, but only once. */
  | 'key-229'

/**
 * Types text that comes without keys. xterm.js 6.0.0 takes it only outside of its screen reader mode, and only while no key
 * is down (xtermjs/xterm.js#6185). So it is taken here, before xterm.js sees it.
 * @param element has the terminal in it, and goes with it
 */
export function typeKeylessText(terminal: Pick<Terminal, 'input' | 'onData'>, element: HTMLElement): void {
  let source: Source = 'no-key'
  /** What xterm.js has yet to send by itself, oldest first. */
  const awaited = new Set<{ text: string }>()
  let ours = false
  terminal.onData((data) => {
    let from = 0
    for (const one of ours ? [] : awaited) {
      const at = data.indexOf(one.text, from)
      if (at < 0) continue
      awaited.delete(one)
      from = at + one.text.length
    }
  })
  const send = (text: string) => {
    ours = true
    terminal.input(text)
    ours = false
  }
  const on = (kind: 'keydown' | 'keypress' | 'keyup', from: (event: KeyboardEvent) => Source) =>
    element.addEventListener(
      kind,
      (event) => {
        source = from(event)
      },
      true,
    )
  on('keydown', ({ keyCode }) => (keyCode === 229 ? 'key-229' : 'no-key'))
  on('keypress', () => 'key')
  on('keyup', () => 'no-key')
  const onText = (event: Event) => {
    if (!(event instanceof InputEvent) || event.isComposing) return
    const { data, inputType } = event
    if (inputType !== 'insertText' || !data) return
    const from = source
    source = 'no-key'
    if (from === 'key') return
    event.stopPropagation()
    if (from === 'no-key') return send(data)
    const one = { text: data }
    awaited.add(one)
    // xterm.js set its timer at the key, so that one runs before this one.
    setTimeout(() => {
      if (awaited.delete(one)) send(one.text)
    })
  }
  element.addEventListener('input', onText, true)
}
