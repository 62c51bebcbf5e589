import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lines } from '../../../shared/lines/lines.ts'
import { requiredLiteral } from './literal.ts'
import { PieceReader } from './pieces.ts'
import { compile } from './query.ts'
import { CHUNK, type Range, scan } from './scan.ts'

const go = () => false

/** Searches a log that begins at offset 1000. */
function find(
  log: string,
  text: string,
  { regex = false, matchCase = false, most = 100, range }: Partial<Options> = {},
) {
  const data = Buffer.from(log)
  const reader = new PieceReader([{ from: 1000, bytes: data.length, data }])
  const all = range ?? { from: 1000, to: 1000 + data.length }
  return scan(reader, all, compile({ text, regex, matchCase }), most, go)
}

interface Options {
  regex: boolean
  matchCase: boolean
  most: number
  range: Range
}

const linesOf = ({ found }: ReturnType<typeof scan>) => found.map((m) => m.before + m.match + m.after)

describe('a search in the bytes of a log', () => {
  it('finds a phrase in any case, the newest line first, with its offset', () => {
    const found = find('one\r\nKernel PANIC here\r\ntwo\r\nkernel panic\r\n', 'kernel panic')
    expect(found.found).toEqual([
      { offset: 1029, before: '', match: 'kernel panic', after: '' },
      { offset: 1005, before: '', match: 'Kernel PANIC', after: ' here' },
    ])
    expect(found.reached).toBe(1000)
    expect(find('Panic\n', 'panic', { matchCase: true }).found).toEqual([])
    expect(find('Panic\n', 'Panic', { matchCase: true }).found).toHaveLength(1)
  })

  it('takes a phrase as it is', () => {
    expect(linesOf(find('a.c\nabc\n', 'a.c'))).toEqual(['a.c'])
    expect(linesOf(find('[  OK  ] (x|y)$\n', '] (X|Y)$'))).toEqual(['[  OK  ] (x|y)$'])
  })

  it('finds text beyond ASCII', () => {
    expect(linesOf(find('größe: 5 µs\nnone\n', 'GRÖSSE'))).toEqual([])
    expect(linesOf(find('größe: 5 µs\nnone\n', 'Größe: 5'))).toEqual(['größe: 5 µs'])
    expect(linesOf(find('ÄÖÜ\nnone\n', 'äöü'))).toEqual(['ÄÖÜ'])
    expect(linesOf(find('错误\nÄ\n', '错误', { matchCase: true }))).toEqual(['错误'])
  })

  it('sees through colours inside of a word', () => {
    const log = 'a \x1b[1mpan\x1b[0;31mic\x1b[0m b\r\nPA\x1b(B\x1b[mNIC\r\n'
    expect(linesOf(find(log, 'panic'))).toEqual(['PANIC', 'a panic b'])
    expect(linesOf(find(log, 'p\\w+c', { regex: true }))).toEqual(['PANIC', 'a panic b'])
    expect(linesOf(find(log, 'panic', { regex: true, matchCase: true }))).toEqual(['a panic b'])
    // The sequence itself is not text.
    expect(find(log, '31m').found).toEqual([])
  })

  it('reads a line as it looks where the cursor goes back in it', () => {
    expect(linesOf(find('$ rebooz\b \bt\r\n', 'reboot'))).toEqual(['$ reboot'])
    expect(linesOf(find('ab\x1b[2Dxy\n', 'xy', { regex: true }))).toContain('xy')
    expect(linesOf(find('p\x1b[5Cq\n', 'p     q'))).toEqual(['p     q'])
    expect(linesOf(find('10%\r20%\r30% done\r\n', '20%'))).toEqual(['20%'])
  })

  it('finds a regular expression within a line only', () => {
    const log = 'cpu 1: oops\r\ncpu 22: fine\r\nmem: oops\r\n'
    expect(linesOf(find(log, '^cpu \\d+: \\w+$', { regex: true }))).toEqual(['cpu 22: fine', 'cpu 1: oops'])
    expect(linesOf(find(log, '\\d{2}', { regex: true }))).toEqual(['cpu 22: fine'])
    expect(linesOf(find(log, 'fine\\s+mem', { regex: true }))).toEqual([])
    expect(() => find(log, '(', { regex: true })).toThrow(SyntaxError)
  })

  it('stops when it has enough, and goes on before that', () => {
    const log = Array.from({ length: 10 }, (_, line) => `error ${line}\n`).join('')
    const first = find(log, 'error', { most: 3 })
    expect(linesOf(first)).toEqual(['error 9', 'error 8', 'error 7'])
    const rest = find(log, 'error', { most: 3, range: { from: 1000, to: first.reached } })
    expect(linesOf(rest)).toEqual(['error 6', 'error 5', 'error 4'])
  })

  it('stops when it must, and says how far it came', () => {
    const log = 'error 12345\n'.repeat(20_000)
    const data = Buffer.from(log)
    const reader = new PieceReader([{ from: 0, bytes: data.length, data }])
    let asked = 0
    const { found, reached } = scan(
      reader,
      { from: 0, to: data.length },
      compile({ text: 'error', regex: false, matchCase: false }),
      1_000_000,
      () => ++asked === 2,
    )
    expect(found).toHaveLength((data.length - reached) / 12)
    expect(reached).toBeGreaterThan(data.length - 2 * CHUNK - 12)
    expect(reached % 12).toBe(0)
  })

  it('does not join what a gap parts', () => {
    const one = Buffer.from('kernel pa')
    const two = Buffer.from('nic\nkernel panic\n')
    const reader = new PieceReader([
      { from: 0, bytes: one.length, data: one },
      { from: 20, bytes: two.length, data: two },
    ])
    const query = compile({ text: 'panic', regex: false, matchCase: false })
    expect(scan(reader, { from: 0, to: 100 }, query, 10, go).found).toMatchObject([{ offset: 24 }])
    // Without a gap it is one line.
    const joined = new PieceReader([
      { from: 0, bytes: one.length, data: one },
      { from: 9, bytes: two.length, data: two },
    ])
    expect(scan(joined, { from: 0, to: 100 }, query, 10, go).found).toMatchObject([
      { offset: 13 },
      { offset: 0 },
    ])
  })

  it('passes over files that are gone', () => {
    const data = Buffer.from('panic\n')
    const reader = new PieceReader([
      { from: 0, bytes: 1_000_000, path: '/nonexistent/bms-console/log' },
      { from: 1_000_000, bytes: data.length, data },
    ])
    const query = compile({ text: 'panic', regex: false, matchCase: false })
    expect(scan(reader, { from: 500_000, to: 2_000_000 }, query, 10, go).found).toEqual([])
    expect(scan(reader, { from: 1_000_000, to: 2_000_000 }, query, 10, go).found).toEqual([])
  })

  it('searches a line without an end in parts', () => {
    const log = `${'x'.repeat(3 * CHUNK)}panic${'y'.repeat(CHUNK)}\nnext\n`
    expect(find(log, 'panic').found).toHaveLength(1)
    expect(find(log, 'next').found).toHaveLength(1)
  })

  it('finds each line in one of any ranges, and finds what reading the whole log finds', () => {
    const part = fc.constantFrom(
      ...['pan', 'ic', 'panic', 'PANIC', 'p', ' ', '\n', '\r\n', '\r\n', '\x1b[31m', '\x1b[0m', '\x1b[K'],
      ...['ä', 'x', 'x\b', '\x1b[2C', 'b'.repeat(40_000)],
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), fc.array(fc.nat(), { maxLength: 3 }), (parts, cuts) => {
        const log = parts.join('')
        const { length } = Buffer.from(log)
        // No line is longer than a chunk.
        fc.pre(log.split('\n').every((line) => Buffer.byteLength(line) < CHUNK - 2))
        const edges = [0, ...cuts.map((cut) => cut % (length + 1)).sort((a, b) => a - b), length]
        for (const regex of [false, true]) {
          const ranges = edges.slice(1).map((to, index) => ({
            from: 1000 + (edges[index] ?? 0),
            to: 1000 + to,
          }))
          const each = ranges.flatMap((range) => find(log, 'panic', { regex, range }).found)
          expect(each.map(({ offset }) => offset).sort((a, b) => a - b)).toEqual(reference(log))
        }
      }),
    )
  })
})

/** Where the lines begin that have the word, by reading all of the log as it looks. */
function reference(log: string): number[] {
  const found: number[] = []
  let at = 1000
  for (const line of log.split('\n')) {
    const plain: string[] = []
    const lines = new Lines(({ text }) => plain.push(text))
    lines.push(line, 0)
    lines.end(0)
    if (plain.some((text) => /panic/i.test(text))) found.push(at)
    at += Buffer.byteLength(line) + 1
  }
  return found
}

describe('the text that a regular expression must have', () => {
  it.each([
    ['kernel panic', 'kernel panic'],
    ['oops: \\d+ at [a-z]+ line', 'oops: '],
    ['a|b', ''],
    ['(panic|oops) at', ' at'],
    ['(?:a[)]b\\)c)+xyz', 'xyz'],
    ['abc?de', 'ab'],
    ['abc+de', 'abc'],
    ['abc{2,}d', 'abc'],
    ['abc{0,3}d', 'ab'],
    ['\\[ *OK', 'OK'],
    ['a\\.b\\/c', 'a.b/c'],
    ['\\u0041\\x41\\cAbc\\p{Lu}d\\k<name>', 'bc'],
    ['grün!', 'gr'],
    ['.*', ''],
  ])('%s', (source, literal) => {
    expect(requiredLiteral(source)).toBe(literal)
  })

  it('is in whatever a regular expression matches', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      '.',
      'a*',
      'b+',
      'a?',
      'b{2}',
      'a{0,1}',
      '(a|b)',
      '[ab]',
      '\\w',
      '(?:ab)?',
      '|',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.stringMatching(/^[ab]{0,12}$/), (pieces, text) => {
        const source = pieces.join('')
        const match = new RegExp(source, 'u').exec(text)
        if (match) expect(match[0]).toContain(requiredLiteral(source))
      }),
    )
  })
})
