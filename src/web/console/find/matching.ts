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

/** Three numbers for each match: a text may have many, and numbers are sent between threads without a copy. */
export function packed(found: readonly Found[]): Uint32Array<ArrayBuffer> {
  const numbers = new Uint32Array(found.length * 3)
  for (const [index, { line, from, to }] of found.entries()) numbers.set([line, from, to], index * 3)
  return numbers
}

export function unpacked(numbers: Uint32Array): Found[] {
  return Array.from({ length: numbers.length / 3 }, (_, index) => {
    const [line = 0, from = 0, to = 0] = numbers.subarray(index * 3, index * 3 + 3)
    return { line, from, to }
  })
}
