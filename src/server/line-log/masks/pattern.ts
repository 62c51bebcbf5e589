import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'

/** One line of the file of masks. */
export interface MaskSource {
  /** Its place in the file, from 1 */
  line: number
  /** In RE2's syntax. It sees each byte as one character. */
  pattern: string
}

/** More than anybody needs: each costs memory, and time for each line that the machines print. */
export const MAX_PATTERNS = 100

/** These look at the text's ends, which a line has only where it is read alone. */
const LOOKS_AT_ENDS = /\\[AzZ]|\(\?[a-zA-Z]*-[a-zA-Z]*m/

/** Why a pattern cannot be used; without the pattern, which may hold a secret. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** A pattern that takes time in proportion to the text, whatever the text is. */
export class Pattern {
  readonly line: number
  readonly #matcher: RE2JS
  readonly #groups: number

  /** @throws PatternError */
  constructor({ line, pattern }: MaskSource) {
    this.line = line
    this.#matcher = compile(asBytes(pattern))
    if (this.#matcher.test('')) throw new PatternError('it matches an empty text')
    this.#groups = this.#matcher.groupCount()
  }

  test(line: string): boolean {
    return this.#matcher.test(line)
  }

  /**
   * What is to be masked: the groups that took part in a match, or else the whole match.
   * @param line without its end
   * @param found is told each match with its parts
   */
  find(line: string, found: (start: number, parts: readonly (readonly [number, number])[]) => void): void {
    const matcher = this.#matcher.matcher(line)
    while (matcher.find()) {
      const parts: [number, number][] = []
      for (let group = 1; group <= this.#groups; group++) {
        const start = matcher.start(group)
        if (start >= 0) parts.push([start, matcher.end(group)])
      }
      const whole: [number, number] = [matcher.start(), matcher.end()]
      if (whole[1] > whole[0]) found(whole[0], parts.length > 0 ? parts : [whole])
    }
  }
}

/**
 * A test of many lines at once, for all patterns together: most lines need no other.
 * @returns false only if none of them matches in any line
 */
export function anyOf(sources: readonly MaskSource[]): (lines: string) => boolean {
  if (sources.some(({ pattern }) => LOOKS_AT_ENDS.test(pattern))) return () => true
  const matchers = together(sources)
  return (lines) => {
    const text = lines.replaceAll('\r', '\n')
    return matchers.some((matcher) => matcher.test(text))
  }
}

/** One pattern of all, unless they cannot be joined: two that name a group alike, or too much for one. */
function together(sources: readonly MaskSource[]): readonly RE2JS[] {
  const patterns = sources.map(({ pattern }) => asBytes(pattern))
  try {
    return patterns.length > 0 ? [compile(patterns.map((pattern) => `(?:${pattern})`).join('|'))] : []
  } catch {
    return patterns.map(compile)
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern), RE2JS.MULTILINE)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    // The message would repeat the pattern.
    throw new PatternError(error instanceof RE2JSSyntaxException ? error.getDescription() : 'it is too large')
  }
}

/**
 * A line's charset is unknown, so patterns see bytes. A character beyond ASCII stands for its bytes in UTF-8.
 * @throws PatternError where it cannot
 */
function asBytes(pattern: string): string {
  let bytes = ''
  let inClass = false
  for (const [part] of pattern.matchAll(/\[:\^?\w+:\]|\\?./gsu)) {
    if (part === '[') inClass = true
    else if (part === ']') inClass = false
    if (/^\\[uUpP]/.test(part))
      throw new PatternError('\\u, \\U, \\p and \\P name characters, but patterns see bytes')
    if (!/[^\x00-\x7f]/u.test(part)) bytes += part
    else if (inClass)
      throw new PatternError('a character beyond ASCII is several bytes, so it cannot be in brackets')
    else
      bytes += `(?-i:${[...Buffer.from(part.replace('\\', ''))].map((byte) => `\\x${byte.toString(16)}`).join('')})`
  }
  return bytes
}
