import { settings } from '../../settings/settings.ts'
import { copyText } from '../../ui/clipboard.ts'
import { keyPlatform, onMac } from '../platform.ts'
import type { OpenConsole } from '../use-console.ts'
import { chordOf, isOptionMeta, type KeyPress, planKey } from './hardware.ts'

/**
 * Handles the keys that are ours and not the line's, makes bytes of those that go by their label, and sends every paste
 * of the browser into this terminal through `receive`.
 * @param onFind opens the search. Without it, its key is the line's.
 * @param onLeave moves the focus out of the terminal. Without it: to the element `send-again` if it is there, or else to
 * `leave-terminal`.
 * @param onMark opens the marks. Without it, its key is the line's.
 * @returns unbinds them
 */
export function bindKeys(
  { terminal }: OpenConsole,
  receive: (text: string) => void,
  onCopyBlocked: () => void,
  onFind?: () => void,
  onLeave: () => void = leave,
  onMark?: () => void,
): () => void {
  const onPaste = (event: ClipboardEvent) => {
    if (!(event.target instanceof Element) || !terminal.holds(event.target)) return
    // Comes before xterm's own handler, which would let control characters through.
    event.preventDefault()
    event.stopPropagation()
    receive(event.clipboardData?.getData('text/plain') ?? '')
  }
  document.addEventListener('paste', onPaste, true)
  const layout = new Layout()
  terminal.onKey((event) => {
    // A keyboard on the screen, or an input method: which key it was is not told.
    if (event.isComposing || event.keyCode === 229) return true
    const press = pressOf(event)
    const taken = chordOf(press, onMac)
    const isLines = (taken === 'find' && !onFind) || (taken === 'mark' && !onMark)
    const chord = isLines ? null : taken
    if (chord === null) {
      if (event.type !== 'keydown') return true
      const { optionKey } = settings.get()
      const plan = planKey(press, keyPlatform, isOptionMeta(optionKey, layout.keys, navigator.language))
      switch (plan.by) {
        case 'terminal':
          terminal.optionIsMeta = plan.meta
          return true
        case 'browser':
          return false
        case 'name':
          event.preventDefault()
          terminal.keyboard.press(plan.name, { shift: false, alt: false, ctrl: true })
          return false
        case 'text':
          event.preventDefault()
          terminal.typeText(plan.text)
          return false
      }
    }
    if (event.type !== 'keydown') return false
    switch (chord) {
      case 'copy':
        event.preventDefault()
        if (terminal.selection) {
          void copyText(terminal.selection).then((copied) => {
            if (!copied) onCopyBlocked()
          })
        }
        return false
      case 'paste':
        // The browser's paste event follows and brings the text.
        return false
      case 'find':
        // The browser would find in its own page.
        event.preventDefault()
        onFind?.()
        return false
      case 'mark':
        // The browser would show its bookmarks.
        event.preventDefault()
        onMark?.()
        return false
      case 'bottom':
        event.preventDefault()
        terminal.toBottom()
        return false
      case 'leave':
        event.preventDefault()
        onLeave()
        return false
      case 'font-larger':
        event.preventDefault()
        settings.resizeText(1)
        return false
      case 'font-smaller':
        event.preventDefault()
        settings.resizeText(-1)
        return false
      case 'font-reset':
        event.preventDefault()
        settings.resizeText(null)
        return false
    }
  })
  return () => {
    document.removeEventListener('paste', onPaste, true)
    layout.dispose()
  }
}

const leave = () =>
  (document.getElementById('send-again') ?? document.getElementById('leave-terminal'))?.focus()

function pressOf(event: KeyboardEvent): KeyPress {
  const { key, code, keyCode, ctrlKey, shiftKey, altKey, metaKey } = event
  const altGraph = event.getModifierState('AltGraph')
  return { key, code, keyCode, ctrlKey, shiftKey, altKey, metaKey, altGraph }
}

/** What the keyboard's keys type, as far as the browser tells. People change it while the page is open. */
class Layout {
  keys: ReadonlyMap<string, string> | null = null
  readonly #look = () => {
    navigator.keyboard?.getLayoutMap?.().then(
      (keys) => {
        this.keys = keys
      },
      // A frame of another site may not know.
      () => {},
    )
  }

  constructor() {
    if (!onMac) return
    this.#look()
    window.addEventListener('focus', this.#look)
  }

  dispose(): void {
    window.removeEventListener('focus', this.#look)
  }
}
