import { anyOf, type MaskSource, Pattern } from './pattern.ts'

/** The configured masks, for all lines, with how often each found something. */
export class Masks {
  readonly #patterns: readonly Pattern[]
  readonly #counts: number[]
  readonly #any: (lines: string) => boolean

  /** @throws PatternError */
  constructor(sources: readonly MaskSource[]) {
    this.#patterns = sources.map((source) => new Pattern(source))
    this.#counts = this.#patterns.map(() => 0)
    this.#any = anyOf(sources)
  }

  /** What each has masked since the start, by its line in the file. */
  get counts(): readonly { line: number; matches: number }[] {
    return this.#patterns.map(({ line }, index) => ({ line, matches: this.#counts[index] ?? 0 }))
  }

  /** @param lines whole lines with their ends. @returns false: none of the masks matches in any of them */
  mayMatch(lines: string): boolean {
    return this.#any(lines)
  }

  /**
   * @param line without its end
   * @param countedTo matches that begin from here on are not counted: another look finds them again
   * @param hide is told each range to mask
   */
  find(line: string, countedTo: number, hide: (start: number, end: number) => void): void {
    this.#patterns.forEach((pattern, index) => {
      if (!pattern.test(line)) return
      pattern.find(line, (start, parts) => {
        if (start < countedTo) this.#counts[index] = (this.#counts[index] ?? 0) + 1
        for (const [from, to] of parts) hide(from, to)
      })
    })
  }
}
