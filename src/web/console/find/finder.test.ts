import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ManualClock } from '../../../testing/clock.ts'
import { feed, headless } from '../../../testing/web/headless.ts'
import { CostlySequences } from '../terminal/costly.ts'
import { TerminalRows } from '../terminal/rows.ts'
import { ScreenHistory } from '../terminal/screen-history.ts'
import { Finder } from './finder.ts'
import type { Matched, Matcher } from './matcher.ts'
import { compile, type FindQuery, findIn } from './matching.ts'

/** Matches at once, and can be told to hold its answers. */
class FakeMatcher implements Matcher {
  asked = 0
  answers: Exclude<Matched, readonly unknown[]> | null = null
  async match(query: FindQuery, lines: readonly string[]): Promise<Matched> {
    this.asked += 1
    const expression = compile(query)
    return this.answers ?? (expression ? findIn(expression, lines) : [])
  }
  dispose(): void {}
}

function open(size: { cols?: number; rows?: number; scrollback?: number } = {}) {
  const terminal = headless({ cols: 20, rows: 5, scrollback: 50, ...size })
  new CostlySequences(terminal)
  new ScreenHistory(terminal)
  const clock = new ManualClock()
  const rows = new TerminalRows(terminal)
  const matcher = new FakeMatcher()
  const finder = new Finder(rows, matcher, clock)
  /** All that is to be done now is done. */
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) {
      await new Promise((next) => setImmediate(next))
      clock.advance(500)
    }
  }
  return {
    terminal,
    rows,
    finder,
    matcher,
    clock,
    settle,
    find: async (text: string, options: Partial<FindQuery> = {}) => {
      finder.find({ text, regex: false, matchCase: false, ...options })
      await settle()
      return finder.getState()
    },
    /** Where the matches are, as buffer rows and columns. */
    places: () =>
      finder
        .between(rows.first, rows.end)
        .map(({ match }) => [match.row - rows.first, rows.columnOf(match.row, match.from)]),
  }
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\r\n`).join('')

/** Where a text is, found in the simplest way: the terminal has no wrapped rows. */
function placesIn(terminal: Terminal, text: string): number[][] {
  const { active } = terminal.buffer
  const places: number[][] = []
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row)?.translateToString(true) ?? ''
    for (let at = line.indexOf(text); at >= 0; at = line.indexOf(text, at + text.length))
      places.push([row, at])
  }
  return places
}

it('counts all matches, chooses the one nearest above the bottom, and goes round', async () => {
  const { terminal, finder, rows, find } = open()
  await feed(
    terminal,
    lines(30, (index) => (index % 10 === 0 ? `error ${index}` : 'fine')),
  )
  expect(await find('ERROR')).toEqual({ kind: 'found', count: 3, more: false, index: 2, done: true })
  const index = () => {
    const state = finder.getState()
    return state.kind === 'found' ? state.index : null
  }
  finder.go(-1)
  expect([index(), rows.viewTop <= 10, finder.chosenRow]).toEqual([1, true, 10])
  finder.go(-1)
  finder.go(-1)
  expect(index()).toBe(2)
  finder.go(1)
  expect([index(), finder.chosenRow]).toEqual([0, 0])
})

it('minds case and takes regular expressions if told to', async () => {
  const { terminal, find } = open()
  await feed(terminal, 'Error 12\r\nerror 7\r\n')
  expect(await find('error', { matchCase: true })).toMatchObject({ count: 1 })
  expect(await find('error \\d$', { regex: true })).toMatchObject({ count: 1 })
  expect(await find('error [', { regex: true })).toEqual({ kind: 'invalid' })
  expect(await find('[')).toMatchObject({ kind: 'found', count: 0 })
  expect(await find('x*', { regex: true })).toMatchObject({ count: 0 })
  expect(await find('')).toEqual({ kind: 'none' })
})

it('finds what goes over the end of a row, and wide characters in their columns', async () => {
  const { terminal, find, finder, places, rows } = open()
  await feed(terminal, `${'x'.repeat(15)}kernel panic now\r\n漢字 panic\r\n`)
  expect(await find('kernel panic')).toMatchObject({ count: 1 })
  const [found] = finder.between(rows.first, rows.end)
  expect(found?.match).toEqual({ row: 0, from: 15, toRow: 1, to: 7 })
  await find('panic')
  expect(places()).toEqual([
    [1, 2],
    [2, 5],
  ])
})

it('goes on while output comes, and keeps its place while rows leave the full scrollback', async () => {
  const { terminal, rows, finder, settle, find, places } = open()
  await feed(
    terminal,
    lines(40, (index) => `line ${index}`),
  )
  await find('line 2')
  const chosen = finder.chosenRow
  await feed(
    terminal,
    lines(20, (index) => `line ${index}`),
  )
  await settle()
  expect(finder.chosenRow).toBe(chosen)
  expect(rows.text(chosen ?? -1, true)).toMatch(/^line 2/)
  expect(places()).toEqual(placesIn(terminal, 'line 2'))
  await feed(
    terminal,
    lines(60, () => 'other'),
  )
  await settle()
  expect(finder.getState()).toMatchObject({ count: 0, index: null })
})

it('does not move the view for a match that comes later', async () => {
  const { terminal, rows, find, settle, finder } = open()
  await feed(
    terminal,
    lines(40, () => 'fine'),
  )
  await find('panic')
  terminal.scrollToLine(3)
  await feed(terminal, 'panic\r\n')
  await settle()
  expect(finder.getState()).toMatchObject({ count: 1, index: null })
  expect(rows.viewTop - rows.first).toBe(3)
  finder.go(1)
  expect(finder.getState()).toMatchObject({ index: 0 })
})

it('looks at the screen of a full-screen program, and at the other again after it', async () => {
  const { terminal, find, settle, finder } = open()
  await feed(
    terminal,
    lines(20, () => 'needle'),
  )
  expect(await find('needle')).toMatchObject({ count: 20 })
  await feed(terminal, '\x1b[?1049h\x1b[Hneedle')
  await settle()
  expect(finder.getState()).toMatchObject({ count: 1 })
  await feed(terminal, '\x1b[?1049l')
  await settle()
  expect(finder.getState()).toMatchObject({ count: 20 })
})

it('finds as one who looks at all rows, whatever the machine prints', async () => {
  const piece = fc.constantFrom(
    ...['needle\r\n', 'hay\r\n', 'a needle, a needle\r\n', '\x1b[2J', '\x1b[H', '\x1b[H\x1b[J', '\x1bc'],
    ...[
      '\x1b[3S',
      '\x1b[2T',
      '\x1b[2;4r',
      '\x1b[r',
      '\x1b[2L',
      '\x1b[2M',
      '\x1bM',
      '\x1b[?1049h',
      '\x1b[?1049l',
    ],
    ...['\x1b[3J', '\r\n\r\n\r\n', '\x1b[5;1Hneedle'],
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 12 }), { maxLength: 6 }), async (writes) => {
      const { terminal, find, settle, finder, places } = open({ cols: 60, scrollback: 12 })
      await feed(terminal, 'needle\r\nhay\r\n')
      await find('needle')
      for (const pieces of writes) {
        await feed(terminal, pieces.join(''))
        await settle()
        expect(places()).toEqual(placesIn(terminal, 'needle'))
      }
      finder.dispose()
    }),
    { numRuns: 60 },
  )
})

it('stops at an expression that is too hard, until there is another', async () => {
  const { terminal, find, settle, finder, matcher } = open()
  await feed(terminal, 'text\r\n')
  matcher.answers = 'too-hard'
  expect(await find('(a+)+$', { regex: true })).toEqual({ kind: 'too-hard' })
  const { asked } = matcher
  await feed(terminal, 'more\r\n')
  await settle()
  expect(matcher.asked).toBe(asked)
  matcher.answers = null
  expect(await find('text')).toMatchObject({ count: 1 })
  finder.find(null)
  expect(finder.getState()).toEqual({ kind: 'none' })
})

it('marks the parts of all rows that have a match', async () => {
  const { terminal, find, finder } = open({ rows: 5, scrollback: 35 })
  await feed(
    terminal,
    lines(39, (index) => (index === 4 || index === 30 ? 'needle' : 'hay')),
  )
  await find('needle')
  expect(finder.overview(4)).toEqual([true, false, false, true])
})
