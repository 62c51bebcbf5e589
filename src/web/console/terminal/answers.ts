import type { Terminal } from '@xterm/xterm'
import { coreOf } from './xterm-buffer.ts'

/** The questions that xterm.js 6 answers by itself: DA1, DA2, DSR and CPR in both forms, window reports, DECRQM in both forms. */
const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 't' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
] as const
/** The palette and the colours of foreground, background and cursor. A `?` in them is a question. */
const COLOURS = [4, 10, 11, 12] as const

/** What answering needs of xterm.js, with a screen or without. */
type Answering = Pick<Terminal, 'parser' | 'onData'>
type Listener = (text: string) => void

/**
 * Tells what the terminal says by itself from what a person types. xterm.js gives both in one event: answers to
 * questions such as `ESC[6n`, and reports of the focus (mode 1004), among keys, pasted text and reports of the mouse.
 *
 * Replayed history may hold questions, too, and answering them would type into the live line. While muted, the parser
 * swallows them. What a person types still passes.
 */
export class TerminalAnswers {
  muted = false
  readonly #onTyped: Listener
  readonly #onAnswer: Listener
  /** What the terminal says next was typed. */
  #typed = false

  constructor(terminal: Answering, onTyped: Listener, onAnswer: Listener) {
    this.#onTyped = onTyped
    this.#onAnswer = onAnswer
    // Comes right before the text, and for typing only.
    coreOf(terminal).coreService.onUserInput(() => {
      this.#typed = true
    })
    terminal.onData((text) => this.#tell(text))
    const { parser } = terminal
    const swallow = () => this.muted
    for (const question of QUESTIONS) parser.registerCsiHandler(question, swallow)
    // DECRQSS
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow)
    for (const colour of COLOURS) {
      parser.registerOscHandler(colour, (data) => this.muted && data.includes('?'))
    }
  }

  #tell(text: string): void {
    const typed = this.#typed
    this.#typed = false
    if (typed) this.#onTyped(text)
    // Switching reports of the focus on (mode 1004) gives one at once, also in history.
    else if (!this.muted) this.#onAnswer(text)
  }
}
