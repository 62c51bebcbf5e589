import type { Terminal } from '@xterm/xterm'
import type { Write } from './write-pump.ts'
import { type Core, coreOf } from './xterm-buffer.ts'

/**
 * Writes to xterm.js in an order that it keeps, and tells when it begins to parse each text. xterm.js parses at once what
 * is the first write after a key: that is the key's echo. An empty write before it would take its place, and leave the
 * echo to a timer.
 */
export class LineWrites {
  readonly #term: Pick<Terminal, 'write'>
  readonly #input: Core['_inputHandler']
  readonly #mute: (on: boolean) => void
  #muted = false
  #typed = false
  /** Texts in the terminal that are not parsed yet */
  #waiting = 0

  /** @param mute called when the terminal must not answer what follows, and when it may answer again */
  constructor(terminal: Pick<Terminal, 'write'>, mute: (on: boolean) => void) {
    this.#term = terminal
    this.#mute = mute
    const { _inputHandler, coreService } = coreOf(terminal)
    this.#input = _inputHandler
    coreService.onUserInput(() => {
      this.#typed = true
    })
  }

  write = ({ pieces: [first = '', ...others], muted, begun, done }: Write): void => {
    if (muted !== this.#muted) {
      this.#muted = muted
      this.#before(() => this.#mute(muted), this.#waiting === 0)
    }
    this.#before(begun, this.#typed && this.#waiting === 0)
    this.#typed = false
    this.#waiting += 1
    this.#term.write(first, () => {
      // Written one by one, they would have frames between them after 12 ms, and a flood would go into frames.
      for (const piece of others) this.#input.parse(piece)
      this.#waiting -= 1
      done()
    })
  }

  /** @param now nothing is parsed before the next write */
  #before(run: () => void, now: boolean): void {
    if (now) run()
    else this.#term.write('', run)
  }
}
