export interface FindQuery {
  text: string
  regex: boolean
  matchCase: boolean
}

/** A match in a line's text */
export interface Found {
  /** The line, counted from 0 */
  line: number
  from: number
  /** The place after its last character */
  to: number
}

/** @returns null if the text is no regular expression */
export function compile({ text, regex, matchCase }: FindQuery): RegExp | null {
  try {
    return new RegExp(regex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), matchCase ? 'g' : 'gi')
  } catch {
    return null
  }
}

/** Finds the expression in each line. What matches nothing at all, such as `x*`, is no match. */
export function findIn(expression: RegExp, lines: readonly string[]): Found[] {
  const found: Found[] = []
  for (const [line, text] of lines.entries()) {
    expression.lastIndex = 0
    for (let match = expression.exec(text); match; match = expression.exec(text)) {
      const from = match.index
      const to = from + match[0].length
      if (to > from) found.push({ line, from, to })
      else expression.lastIndex += 1
    }
  }
  return found
}
