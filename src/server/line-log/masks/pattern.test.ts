import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOf, Pattern, PatternError } from './pattern.ts'

const why = (pattern: string) => {
  try {
    new Pattern({ line: 1, pattern })
    return null
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

describe('a pattern', () => {
  it('is refused with a reason that does not repeat it', () => {
    expect(why('(hunter2')).toBe('missing closing )')
    expect(why('hunter2(?=x)')).toBe('invalid or unsupported Perl syntax')
    expect(why('(hunter2)\\1')).toBe('invalid escape sequence')
    expect(why('x{2000}')).toBe('invalid repeat count')
    expect(why('(?:x{1000}){1000}')).toMatch(/repeat|large/)
  })

  it('is refused if it matches an empty text', () => {
    expect(why('\\d*')).toBe('it matches an empty text')
    expect(why('\\d+')).toBeNull()
  })

  it('is refused where a character beyond ASCII cannot be bytes', () => {
    expect(why('[äö]x')).toContain('cannot be in brackets')
    expect(why('[[:alpha:]ö]x')).toContain('cannot be in brackets')
    expect(why('[\\]ö]x')).toContain('cannot be in brackets')
    expect(why('\\u00fc')).toContain('patterns see bytes')
    expect(why('\\[ö\\]')).toBeNull()
    expect(why('\\ö')).toBeNull()
  })
})

describe('the test for all patterns together', () => {
  const sources = (...patterns: string[]) => patterns.map((pattern, index) => ({ line: index + 1, pattern }))

  it('finds what any of them finds', () => {
    const any = anyOf(sources('^one$', '(?i)two'))
    expect(any('x\r\none\r\n')).toBe(true)
    expect(any('TWO\n')).toBe(true)
    expect(any('none\nfoo\n')).toBe(false)
    expect(anyOf([])('any\n')).toBe(false)
  })

  it('works with patterns that cannot be joined', () => {
    const any = anyOf(sources('(?<name>one)', '(?<name>two)'))
    expect(any('two\n')).toBe(true)
    expect(any('three\n')).toBe(false)
  })

  it('finds in lines together what a pattern finds in one of them alone', () => {
    const atoms = [
      '^',
      '$',
      '\\b',
      '\\B',
      '\\A',
      '\\z',
      'a',
      'B',
      ' ',
      '.',
      '\\s',
      '[^a]',
      'ü',
      '(a|b)',
      '(?:ab)+',
      '(?i)',
    ]
    const pattern = fc
      .array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join(''))
      .filter((text) => why(text) === null)
    const line = fc
      .array(fc.constantFrom('a', 'b', 'A', 'B', ' ', 'Ã¼', '-'), { maxLength: 5 })
      .map((parts) => parts.join(''))
    const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 5 })
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), lines, (patterns, said) => {
        const alone = sources(...patterns).map((source) => new Pattern(source))
        const found = said.some(([text]) => alone.some((one) => one.test(text)))
        const together = anyOf(sources(...patterns))(said.flat().join(''))
        expect(together || !found).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})
