import type { GatewayEscape } from '../../settings/keyboard-settings.ts'

export interface Guarded {
  /** What may go at once. */
  pass: string
  /** What has to be asked about. Null: nothing, and all of it may go. */
  asked: { escape: GatewayEscape; text: string } | null
  /** What was typed after it. */
  rest: string
}

/** Where the last character that was typed leaves us. */
type Place = 'line-start' | 'tilde' | 'esc' | 'in-line'

/**
 * Finds what a gateway takes as a command to itself in what is typed: `~.` at a line's start (ssh, ipmitool, conserver),
 * Ctrl+] (telnet, virsh), ESC ( (iLO).
 */
export class EscapeGuard {
  /** At first nobody knows. A tilde that is asked about in vain costs a press. */
  #place: Place = 'line-start'
  /** Where the gateway is while the person is asked. */
  #unasked: Place = 'line-start'

  take(text: string, guarded: readonly GatewayEscape[]): Guarded {
    let beforeLast = this.#place
    for (let at = 0; at < text.length; at++) {
      const before = this.#place
      const found = this.#next(text[at] ?? '')
      if (!found || !guarded.includes(found)) {
        beforeLast = before
        continue
      }
      // The first half may have gone out already, as an earlier key.
      const isWhole = found === 'ctrl-bracket' || at === 0
      const from = isWhole ? at : at - 1
      this.#unasked = isWhole ? before : beforeLast
      this.#place = 'in-line'
      return {
        pass: text.slice(0, from),
        asked: { escape: found, text: text.slice(from, at + 1) },
        rest: text.slice(at + 1),
      }
    }
    return { pass: text, asked: null, rest: '' }
  }

  /** What was asked about last was not sent. A first half that went out before still counts for the gateway. */
  refuse(): void {
    this.#place = this.#unasked
  }

  /** The gateway may be another one, or may have got keys of others. A first half that went out may still count. */
  doubt(): void {
    if (this.#place === 'in-line') this.#place = 'line-start'
  }

  #next(character: string): GatewayEscape | null {
    const before = this.#place
    this.#place = placeAfter(before, character)
    if (character === '\x1d') return 'ctrl-bracket'
    if (before === 'tilde' && character === '.') return 'tilde-dot'
    return before === 'esc' && character === '(' ? 'esc-paren' : null
  }
}

function placeAfter(before: Place, character: string): Place {
  switch (character) {
    case '\r':
    case '\n':
      return 'line-start'
    case '\x1b':
      return 'esc'
    case '~':
      return before === 'line-start' ? 'tilde' : 'in-line'
    default:
      return 'in-line'
  }
}

/** Whether a text that is pasted has one. Pasting takes out all control characters, so the others cannot be there. */
export const pasteEscapes = (text: string, guarded: readonly GatewayEscape[]): boolean =>
  guarded.includes('tilde-dot') && /(?:^|[\r\n])~\./.test(text)
