import type { LogMark } from '../../../shared/line-log.ts'
import type { LineRef } from '../store/store.ts'

/** One line of text that leaves this server. */
export interface Entry {
  line: LineRef
  /** What a machine printed, what the log knows beside it, or how much is missing here */
  type: 'line' | 'mark' | 'loss'
  text: string
  /** Epoch ms */
  time: number
  /** Orders a server's entries of one millisecond, from 0. */
  nth: number
}

/** Times that grow, even if a machine's clock is set back: Loki takes two equal lines of one time for one. */
export class Times {
  #time = 0
  #nth = 0

  next(time: number): { time: number; nth: number } {
    if (time > this.#time) {
      this.#time = time
      this.#nth = 0
    } else if (++this.#nth === 1_000_000) {
      this.#time += 1
      this.#nth = 0
    }
    return { time: this.#time, nth: this.#nth }
  }
}

/** @returns a mark in words; null for those that say nothing to a reader */
export function wordsOf(mark: LogMark): string | null {
  switch (mark.kind) {
    case 'seam': {
      const away = mark.awayMs === null ? 'for an unknown time' : `for ${Math.round(mark.awayMs / 1000)} s`
      switch (mark.why) {
        case 'line-lost':
          return `The line was lost, and nobody listened ${away}.`
        case 'not-watched':
          return `Nobody listened ${away}.`
        case 'restarted':
          return `BMS Console was restarted, and nobody listened ${away}.`
      }
      return null
    }
    case 'gap':
      return `${mark.lostBytes} bytes came here and were not kept.`
    case 'boot':
      return 'The machine began to boot.'
    case 'power':
      return `${mark.by} asked for this: ${mark.action}.`
    case 'note':
      return `${mark.by} marked the line at offset ${mark.line}${mark.text === '' ? '.' : `: ${mark.text}`}`
    default:
      return null
  }
}
