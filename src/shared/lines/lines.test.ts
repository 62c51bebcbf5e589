import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Lines, MAX_LINE, type PlainLine } from './lines.ts'

/** The lines of some pieces, the first printed at 0, the next at 1, ... */
function linesOf(...pieces: string[]): PlainLine[] {
  const found: PlainLine[] = []
  const lines = new Lines((line) => found.push(line))
  for (const [at, piece] of pieces.entries()) lines.push(piece, at)
  lines.end(pieces.length)
  return found
}

const textOf = (...pieces: string[]) => linesOf(...pieces).map(({ text }) => text.trimEnd())

describe('the lines of a serial line', () => {
  it('are what was printed, without colours, titles and controls', () => {
    expect(
      textOf('\x1b[1;31mred\x1b[0m\r\n\x1b]0;title\x07plain\x07\r\n\r\n\x1bP$qm\x1b\\\x1b(Blast'),
    ).toEqual(['red', 'plain', '', 'last'])
  })

  it('know when each character was printed', () => {
    const [line, next] = linesOf('ker', 'nel ', 'panic\r\nBo', 'ot')
    expect([...'kernel panic'].map((_, index) => line?.at(index))).toEqual([
      0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2,
    ])
    expect([next?.text, next?.at(0), next?.at(2)]).toEqual(['Boot', 2, 3])
  })

  it('know it of what was written over and after an erasure, too', () => {
    const [, line] = linesOf('0123456789', '\r', 'abc', '\r\n')
    expect([line?.text, line?.at(0), line?.at(3)]).toEqual(['abc3456789', 2, 0])
    const last = linesOf('0123', '456789', '\r\x1b[K', 'abc\r\n').at(-1)
    expect([last?.text, last?.at(0), last?.at(2)]).toEqual(['abc', 3, 3])
  })

  it('show corrected typing as it ended', () => {
    expect(textOf('rebooz\b \bt\r\n')).toEqual(['reboot'])
    expect(textOf('wrong\b\b\b\b\b\x1b[32mright\x1b[0m\r\n')).toEqual(['right'])
    expect(textOf('a🚀\b \bb\r\n')).toEqual(['ab'])
  })

  it('keep each step of a progress bar', () => {
    expect(textOf('progress 10 %\rprogress 20 %\rprogress 20 %\r\x1b[Kprogress 99 %\r\ndone')).toEqual([
      'progress 10 %',
      'progress 20 %',
      'progress 99 %',
      'done',
    ])
  })

  it('keep no line of a row that only grows, as when a shell draws its prompt again', () => {
    expect(textOf('$ l\r$ ls\r$ ls -l\r\n')).toEqual(['$ ls -l'])
  })

  it('keep a row that is erased, however it is erased', () => {
    for (const erase of [
      '\r\x1b[K',
      '\x1b[2K\r',
      '\x1b[1K\r',
      '\r\x1b[J',
      '\r\x1b[10P',
      '\r\x1b[10X',
      '\r          \r',
    ]) {
      expect(textOf(`important${erase}new\r\n`)).toEqual(['important', 'new'])
    }
  })

  it('follow the cursor in its row', () => {
    expect(textOf('abc\x1b[3Cdef\r\n')).toEqual(['abc   def'])
    expect(textOf('abcdef\x1b[4D\x1b[1@X\r\n')).toEqual(['abXcdef'])
    expect(textOf('abcdef\x1b[3G\x1b[2P\r\n')).toEqual(['abcdef', 'abef'])
    expect(textOf('a\tb\r\n')).toEqual(['a       b'])
    expect(textOf('ab\x1b[5bc\x1b[2b\r\n')).toEqual(['abbbbbbccc'])
  })

  it.each([
    '\x1b[H',
    '\x1b[5;1H',
    '\x1b[A',
    '\x1b[2J',
    '\x1bc',
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1bM',
    '\x1b8',
    '\x1b[r',
  ])('end where the cursor leaves the row by %j', (move) => {
    expect(textOf(`kernel panic${move}\rlogin:`)).toEqual(['kernel panic', 'login:'])
    expect(textOf(`${move}login:`)).toEqual(['login:'])
  })

  it('keep a panic that the firmware clears from the screen', () => {
    const trace = ['[   12.345678] Kernel panic - not syncing', '[   12.345690] ---[ end Kernel panic ]---']
    expect(
      textOf(`${trace.join('\r\n')}\r\n\x1b[2J\x1b[01;01H\x1b[=3h\x1b[2J\x1b[01;01HBdsDxe: loading\r\n`),
    ).toEqual([...trace, 'BdsDxe: loading'])
    expect(textOf('boot line that must stay\r\n\x1b[H\x1b[JDebian login: ')).toEqual([
      'boot line that must stay',
      'Debian login:',
    ])
    expect(textOf('boot line that must stay\x1b[H\x1b[JDebian login: ')).toEqual([
      'boot line that must stay',
      'Debian login:',
    ])
  })

  it.each(['\x1bP', '\x1b_', '\x1bX', '\x1b^', '\x1b]0;'])(
    'are all there after %j in line noise',
    (noise) => {
      const lines = textOf(`before\r\n${noise}kernel line 1\r\nkernel line 2\r\n`)
      expect([lines[0], lines[2], lines.length]).toEqual(['before', 'kernel line 2', 3])
      expect(lines[1]).toContain('kernel line 1')
    },
  )

  it('show boxes as they are drawn, by either way to switch sets', () => {
    const box = ['lqqwqqk', 'x  x  x', 'tqqnqqu', 'mqqvqqj']
    const drawn = ['┌──┬──┐', '│  │  │', '├──┼──┤', '└──┴──┘']
    expect(textOf(box.map((row) => `\x1b(0${row}\x1b(B\r\n`).join(''))).toEqual(drawn)
    expect(textOf(`\x1b)0${box.map((row) => `\x0e${row}\x0f\r\n`).join('')}`)).toEqual(drawn)
    // Whatever stays switched from one row to the next, or across a move of the cursor.
    expect(textOf(`\x1b(0${box.join('\r\n')}\x1b(B\r\nlast`)).toEqual([...drawn, 'last'])
    expect(textOf('\x1b(0x\x1b[2;1Hx\x1b(Bx')).toEqual(['│', '│x'])
    expect(textOf('\x1b(0lq\x1b[3bk\x1b(B ok')).toEqual(['┌────┐ ok'])
  })

  it('show every character of the special graphics', () => {
    const set = Array.from({ length: 31 }, (_, index) => String.fromCharCode(0x60 + index)).join('')
    expect(textOf(`\x1b(0${set}_\x1b(B${set}`)).toEqual([`◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·_${set}`])
  })

  it.each(['\x1b(B', '\x1b(A', '\x0e', '\x1bn', '\x1bo', '\x1bc', '\x1b[!p', '\x1b8', '\x1b[u'])(
    'show letters again after %j',
    (back) => {
      expect(textOf(`\x1b(0q${back}quit`).join('')).toBe('─quit')
    },
  )

  it('come back to the boxes of a saved place', () => {
    expect(textOf('\x1b(0q\x1b7\x1b(Bq\x1b8q')).toEqual(['─q', '─'])
  })

  it('show letters after a break, and where a machine restarted in the middle of a box', () => {
    const found: string[] = []
    const lines = new Lines(({ text }) => found.push(text))
    lines.push('\x1b(0lqqk', 0)
    lines.break(0)
    lines.push('quit\r\n\x1b(0mqqj\r\n', 1)
    lines.push('[    0.000000] Linux version 6.1.0\r\nquit\r\n', 2)
    expect(found).toEqual(['┌──┐quit', '└──┘', '[    0.000000] Linux version 6.1.0', 'quit'])
  })

  it('do not hold changed colours', () => {
    expect(textOf('text\r\n\x1b]10;#101010\x07\x1b]11;#202020\x07\x1b]4;1;#000000\x07\x1b[5 q$ ')).toEqual([
      'text',
      '$',
    ])
  })

  it('show what a silence proved to be no string', () => {
    const found: string[] = []
    const lines = new Lines(({ text }) => found.push(text))
    lines.push('\x1bPlogin: ', 1)
    lines.flush(1)
    lines.push('root\r\n', 2)
    expect(found).toEqual(['login: root'])
  })

  it('are cut when they are too long', () => {
    const found = linesOf(...Array.from({ length: 100 }, () => 'x'.repeat(1_000)))
    expect(Math.max(...found.map(({ text }) => text.length))).toBe(MAX_LINE)
    expect(found.map(({ text }) => text).join('')).toBe('x'.repeat(100_000))
  })

  it('are quick and few for a count without bounds', () => {
    const begun = performance.now()
    const found = linesOf('a\x1b[2147483647b\r\n\x1b[2147483647Cb\r\n\x1b[2147483647@\x1b[2147483647Xc')
    expect(performance.now() - begun).toBeLessThan(100)
    expect(found.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(1_000)
  })

  it('do not grow without end when one letter of a long row changes again and again', () => {
    const input = `${'x'.repeat(8_000)}${Array.from({ length: 10_000 }, (_, index) => `\r${index % 10}`).join('')}`
    const length = linesOf(input).reduce((sum, { text }) => sum + text.length, 0)
    expect(length).toBeLessThan(2 * input.length)
  })
})

describe('whatever is printed', () => {
  const printed = fc
    .array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom('a', 'word', 'žluť', '─', '🚀', 'e\u0301', ' ', 'x'.repeat(3_000)),
        },
        {
          weight: 2,
          arbitrary: fc.constantFrom('\r', '\n', '\r\n', '\b', '\t', '\x07', '\x7f', '\x85', '\x84'),
        },
        {
          weight: 2,
          arbitrary: fc.constantFrom('\x1b', '\x1b[', '\x9b', '\x1bP', '\x1b]', '\x9d', '\x1b\\', '\x07'),
        },
        { weight: 2, arbitrary: fc.constantFrom('0', '5', '99999', ';', '?', '[') },
        { weight: 2, arbitrary: fc.constantFrom(...'CDGHJKP@XbAmhlr`IZ') },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '\x1b[K',
            '\x1b[2K',
            '\x1b[3D',
            '\x1b[4P',
            '\x1b[2@',
            '\x1b[7G',
            '\x1b[9b',
            '\x1b(0',
            '\x1b)0',
            '\x1b(B',
            '\x0e',
            '\x1b7',
            '\x1b8',
          ),
        },
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(''))

  it('gives the same lines in any split, without controls and within bounds', () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 20 })
    fc.assert(
      fc.property(printed, cuts, (text, at) => {
        // A decoder gives no half of a character.
        const whole = (cut: number) => (/[\udc00-\udfff]/.test(text.charAt(cut)) ? cut + 1 : cut)
        const ends = [...new Set(at.map((cut) => whole(cut % (text.length + 1))))].sort((a, b) => a - b)
        const pieces = [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end))
        const lines = textOf(text)
        expect(textOf(...pieces)).toEqual(lines)
        for (const line of lines) {
          expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]|\p{Surrogate}/u)
          expect(line.length).toBeLessThanOrEqual(2 * MAX_LINE)
        }
      }),
      { numRuns: 10_000 },
    )
  })

  it('has each line that was printed, whatever is erased between them', () => {
    const line = fc.stringMatching(/^[a-z][a-z0-9 ]{0,30}[a-z]$/)
    const between = fc.constantFrom(
      ...[
        '\r\n',
        '\r',
        '\r\x1b[K',
        '\x1b[2K\r',
        '\x1b[2J\x1b[H',
        '\x1b[H\x1b[J',
        '\x1bc',
        '\x1b[?1049h',
        '\x1b[3J\x1b[H',
      ],
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(line, between), { maxLength: 20 }), (parts) => {
        const lines = textOf(parts.map(([text, end]) => text + end).join(''))
        // A row that is written over shows the end of a longer one, and through its blanks.
        const shows = (shown: string, text: string) =>
          [...text].every((character, index) => character === ' ' || character === shown.charAt(index))
        for (const [text] of parts) expect(lines.some((shown) => shows(shown, text))).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})
