import { describe, expect, it } from 'vitest'
import { guardedCast } from './guarded-cast.ts'

type Event = [second: number, kind: string, text: string]
const header = JSON.stringify({ version: 2, width: 80, height: 24 })
const castOf = (...events: Event[]) =>
  `${[header, ...events.map((event) => JSON.stringify(event))].join('\n')}\n`
const eventsOf = (cast: string) =>
  cast
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line): unknown => JSON.parse(line))

describe('a recording for the player', () => {
  it('stays as it is where there is nothing to guard against', () => {
    const cast = castOf(
      [0, 'm', 'recording started'],
      [0.5, 'o', 'žluť \x1b[1;31mred\x1b[0m\r\n'],
      [1, 'i', 'x'],
      [2, 'r', '90x30'],
    )
    expect(guardedCast(cast)).toBe(cast)
  })

  it('has no count beyond its screen', () => {
    expect(eventsOf(guardedCast(castOf([1, 'o', 'a\x1b[2147483647b\x1b[99S'])))).toEqual([
      [1, 'o', 'a\x1b[1920b\x1b[24S'],
    ])
  })

  it('shows the lines after a string without an end', () => {
    const cast = castOf([1, 'o', 'before\r\n\x1bPkernel '], [1.1, 'o', 'line 1\r\nkernel line 2\r\n'])
    expect(eventsOf(guardedCast(cast))).toEqual([
      [1, 'o', 'before\r\n'],
      [1.1, 'o', 'kernel line 1\r\nkernel line 2\r\n'],
    ])
  })

  it('gives a string up after a silence, at a break and at its end, in the order of time', () => {
    const cast = castOf(
      [1, 'o', '\x1bPlogin: '],
      [1.1, 'i', 'root'],
      [9, 'o', 'root'],
      [10, 'o', '\x1bPa'],
      [10.1, 'm', 'line lost'],
      [11, 'o', '\x9dlast'],
    )
    expect(eventsOf(guardedCast(cast))).toEqual([
      [1.1, 'i', 'root'],
      [1.2, 'o', 'login: '],
      [9, 'o', 'root'],
      [10.1, 'o', 'a'],
      [10.1, 'm', 'line lost'],
      [11, 'o', 'last'],
    ])
  })

  it('keeps a line that is no event', () => {
    expect(guardedCast('no header\n[1,"o","\\u001b[2\nnonsense \\u001b\n')).toBe(
      'no header\n[1,"o","\\u001b[2\nnonsense \\u001b\n',
    )
  })
})
