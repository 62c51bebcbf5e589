import type { IParser } from '@xterm/xterm'

/** What xterm.js 6 answers by itself: DA1, DA2, DSR and CPR in both forms, window reports, DECRQM in both forms. */
const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 't' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
] as const
/** Palette, foreground, background and cursor colour, asked for with a `?`. */
const COLOURS = [4, 10, 11, 12] as const

/**
 * The terminal's own answers. While muted, a question in what is written (replayed history that holds `ESC[6n`) is
 * swallowed where it is parsed, so that nothing is typed into the live line; what a person types passes meanwhile.
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
