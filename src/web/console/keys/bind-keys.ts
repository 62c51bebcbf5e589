import { settings } from '../../settings/settings.ts'
import { copyText } from '../../ui/clipboard.ts'
import { onMac } from '../platform.ts'
import type { OpenConsole } from '../use-console.ts'
import { chordOf } from './keys.ts'

/**
 * Handles the keys that are ours and not the line's, and sends every paste of the browser through `receive`. The key
 * that leaves the terminal moves the focus to the element `send-again` if it is there, or else to `leave-terminal`.
 * @returns unbinds them
 */
export function bindKeys(
  { terminal }: OpenConsole,
  receive: (text: string) => void,
  onCopyBlocked: () => void,
): () => void {
  const onPaste = (event: ClipboardEvent) => {
    if (!(event.target instanceof Element) || !event.target.closest('.xterm')) return
    // Comes before xterm's own handler, which would let control characters through.
    event.preventDefault()
    event.stopPropagation()
    receive(event.clipboardData?.getData('text/plain') ?? '')
  }
  document.addEventListener('paste', onPaste, true)
  terminal.onKey((event) => {
    const chord = chordOf(event, onMac)
    if (chord === null) return true
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
      case 'leave':
        event.preventDefault()
        ;(document.getElementById('send-again') ?? document.getElementById('leave-terminal'))?.focus()
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
  return () => document.removeEventListener('paste', onPaste, true)
}
