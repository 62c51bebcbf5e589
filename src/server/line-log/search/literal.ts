const QUANTIFIER = /[*+?]\??|\{(\d+)(?:,\d*)?\}\??/y
/** Escapes of several characters, from the backslash on */
const LONG_ESCAPE = /\\(?:x[\da-f]{2}|u\{[\da-f]+\}|u[\da-f]{4}|c[a-z]|[pP]\{[^}]*\}|k<[^>]*>|\d+)/iy
/** With the flag `u`, only these stand for themselves after a backslash. */
const ESCAPED = /[\^$\\.*+?()[\]{}|/]/

/**
 * The longest ASCII text that each match of a regular expression has in it. Looking for that first is many times as fast.
 * It looks at the outermost characters only, so it may find less than there is.
 * @returns empty: it found none
 */
export function requiredLiteral(source: string): string {
  let best = ''
  let run = ''
  const endRun = () => {
    if (run.length > best.length) best = run
    run = ''
  }
  for (let at = 0; at < source.length; ) {
    const { plain, end } = atom(source, at)
    // One of several alternatives is enough to match.
    if (source.charAt(at) === '|') return ''
    QUANTIFIER.lastIndex = end
    const quantifier = QUANTIFIER.exec(source)
    if (plain === null) endRun()
    else if (!quantifier) run += plain
    else {
      if (quantifier[0].startsWith('+') || Number(quantifier[1] ?? 0) > 0) run += plain
      endRun()
    }
    at = quantifier ? QUANTIFIER.lastIndex : end
  }
  endRun()
  return best
}

/** @returns the character that stands there for itself, or null, and where the atom ends */
function atom(source: string, at: number): { plain: string | null; end: number } {
  const character = source.charAt(at)
  switch (character) {
    case '\\': {
      LONG_ESCAPE.lastIndex = at
      if (LONG_ESCAPE.test(source)) return { plain: null, end: LONG_ESCAPE.lastIndex }
      const escaped = source.charAt(at + 1)
      return { plain: ESCAPED.test(escaped) ? escaped : null, end: at + 2 }
    }
    case '(':
      return { plain: null, end: endOfGroup(source, at) }
    case '[':
      return { plain: null, end: endOfClass(source, at) }
    case '.':
    case '^':
    case '$':
    case '|':
      return { plain: null, end: at + 1 }
    default:
      return { plain: character >= ' ' && character <= '~' ? character : null, end: at + 1 }
  }
}

function endOfGroup(source: string, begin: number): number {
  let at = begin + 1
  while (at < source.length && source.charAt(at) !== ')') at = atom(source, at).end
  return at + 1
}

function endOfClass(source: string, begin: number): number {
  let at = begin + 1
  while (at < source.length && source.charAt(at) !== ']') at += source.charAt(at) === '\\' ? 2 : 1
  return at + 1
}
