import { describe, expect, it } from 'vitest'
import { visibleName, visibleText } from './visible.ts'

describe('a name from outside', () => {
  it.each([
    ['ESC', 'a\x1b[2Jb', 'a\\u001b[2Jb'],
    ['NUL and DEL', '\0\x7f', '\\u0000\\u007f'],
    ['C1', '\x9b31m', '\\u009b31m'],
    ['line breaks and tabs', 'a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
    ['an override', 'gpj.\u202eexe', 'gpj.\\u202eexe'],
    ['an isolate', '\u2066a\u2069', '\\u2066a\\u2069'],
    ['marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
    ['line and paragraph ends', '\u2028\u2029', '\\u2028\\u2029'],
  ])('shows %s', (_, name, shown) => {
    expect(visibleName(name)).toBe(shown)
  })

  it.each(['web-01', 'Åsa Øby', 'שרת', 'خادم', '服务器', '👩‍💻', 'क्‍ष'])('leaves %s as it is', (name) => {
    expect(visibleName(name)).toBe(name)
  })
})

it('text from outside keeps its lines and tabs, and nothing else that is unseen', () => {
  expect(visibleText('a\tb\r\nc\x1b\u202e')).toBe('a\tb\r\nc\\u001b\\u202e')
})
