import { describe, expect, it } from 'vitest'
import { localInput, momentOf } from './local-time.ts'

describe('a moment in the browser’s zone', () => {
  it('comes back as it was typed, whatever the zone', () => {
    for (const typed of ['2026-01-15T00:05', '2026-07-15T23:59', '2026-03-29T12:00']) {
      expect(localInput(momentOf(typed) ?? undefined)).toBe(typed)
    }
  })

  it('is none when empty, and not yet one while the year is typed', () => {
    expect(momentOf('')).toBeUndefined()
    expect(localInput(undefined)).toBe('')
    for (const typed of ['0002-01-15T00:05', '0202-01-15T00:05', 'x']) expect(momentOf(typed)).toBeNull()
  })
})
