import type { LogQuery } from '../../../shared/log-search.ts'
import { requiredLiteral } from './literal.ts'

/** Text that each matching line has in it, as bytes. */
export interface Literal {
  /** One character for each byte */
  readonly text: string
  readonly matchCase: boolean
  /** Its bytes, in lower case where case does not count */
  readonly bytes: Uint8Array
  /** Finds it in text of one character for each byte */
  readonly pattern: RegExp
}

/** A query, made ready for the scan. */
export interface CompiledQuery {
  /** Finds the first match in a line of plain text. */
  readonly line: RegExp
  /** Whether any line of a text can match. */
  readonly block: RegExp
  /** null: any line can match */
  readonly literal: Literal | null
}

/** @throws SyntaxError if it is no regular expression */
export function compile({ text, regex, matchCase }: LogQuery): CompiledQuery {
  const source = regex ? text : escaped(text)
  // A phrase goes without `u`: with it, `s` would also match U+017F, which the scan for bytes does not see.
  const flags = `${regex ? 'u' : ''}${matchCase ? '' : 'i'}`
  const literal = regex ? requiredLiteral(text) : matchCase ? bytesOf(text) : longestAscii(text)
  return {
    line: new RegExp(source, flags),
    block: new RegExp(source, `m${flags}`),
    literal: literal === '' ? null : literalOf(literal, matchCase),
  }
}

function literalOf(text: string, matchCase: boolean): Literal {
  return {
    text,
    matchCase,
    bytes: Buffer.from(matchCase ? text : text.toLowerCase(), 'latin1'),
    pattern: new RegExp(escaped(text), matchCase ? 'g' : 'gi'),
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const bytesOf = (text: string) => Buffer.from(text).toString('latin1')

/** Case beyond ASCII changes bytes, so the rest is left to the regular expression. */
function longestAscii(text: string): string {
  return (text.match(/[ -~]+/g) ?? []).reduce((best, run) => (run.length > best.length ? run : best), '')
}
