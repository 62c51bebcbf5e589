import { describe, expect, it } from 'vitest'
import { cleanTitle } from './title.ts'

describe('cleanTitle', () => {
  it.each([
    ['db-01: top', 'db-01: top'],
    ['a\u0000b\u009bc\nd', 'a b c d'],
    ['evil\u202egnp.exe', 'evil gnp.exe'],
    ['  \u2066x\u2069 ', 'x'],
    ['Größe 🚀', 'Größe 🚀'],
    ['', ''],
  ])('%j is %j', (given, clean) => {
    expect(cleanTitle(given)).toBe(clean)
  })

  it('is cut to the length that the contract allows, but not inside a character', () => {
    expect(cleanTitle('x'.repeat(1000))).toHaveLength(256)
    expect(cleanTitle(`${'x'.repeat(255)}🚀`)).toBe('x'.repeat(255))
  })
})
