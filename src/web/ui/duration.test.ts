import { expect, it } from 'vitest'
import { formatDuration } from './duration.ts'

it.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [75, '1:15'],
  [3_600, '1:00:00'],
  [90_061, '25:01:01'],
])('writes %d s as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})
