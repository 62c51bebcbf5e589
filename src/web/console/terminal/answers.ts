import type { IParser } from '@xterm/xterm'

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

/**
 * Mutes the terminal's own answers. Replayed history may hold questions such as `ESC[6n`, and answering them would type
 * into the live line. While muted, the parser swallows them. What a person types still passes.
 */
export class TerminalAnswers {
  muted = false

  constructor(parser: IParser) {
    const swallow = () => this.muted
    for (const question of QUESTIONS) parser.registerCsiHandler(question, swallow)
    // DECRQSS
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow)
    for (const colour of COLOURS) {
      parser.registerOscHandler(colour, (data) => this.muted && data.includes('?'))
    }
  }
}
