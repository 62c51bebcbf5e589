import { expect, it } from 'vitest'
import { formatDuration, roundDuration } from './duration.ts'

it.each([
  [0, '0:00'],
  [7.9, '0:07'],
  [75, '1:15'],
  [3_600, '1:00:00'],
  [90_061, '25:01:01'],
])('writes %d s as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

it.each([
  [0, 1, 's'],
  [1_400, 1, 's'],
  [119_000, 119, 's'],
  [150_000, 3, 'min'],
  [7_200_000, 2, 'h'],
  [172_800_000, 2, 'd'],
] as const)('rounds %s ms to %s %s', (ms, n, unit) => {
  expect(roundDuration(ms)).toEqual({ unit, n })
})
