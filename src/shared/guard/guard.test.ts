import { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Guard } from './guard.ts'
import { MAX_SEQUENCE, MAX_STRING } from './sequence.ts'

const SIZE = { cols: 80, rows: 24 }
const newGuard = () => new Guard(() => SIZE)

/** What leaves a guard, and how much it skipped. */
function guarded(...pieces: string[]): string {
  const guard = newGuard()
  return pieces.map((piece) => guard.push(piece)).join('') + guard.end()
}

/** Introducers, 7-bit and as one character, of every string. */
const INTRODUCERS = ['\x1bP', '\x1bX', '\x1b]', '\x1b^', '\x1b_', '\x90', '\x98', '\x9d', '\x9e', '\x9f']

describe('text without a sequence', () => {
  it('passes as it is', () => {
    const text = 'Debian GNU/Linux žluť ─ 🚀\r\n\tlogin: \x07'
    const guard = newGuard()
    expect(guard.push(text)).toBe(text)
    expect(guard.push('')).toBe('')
    expect(guard.skipped).toBe(0)
  })
})

describe('a count', () => {
  it.each([
    ['S', 24],
    ['T', 24],
    ['L', 24],
    ['M', 24],
    ['@', 80],
    ['P', 80],
    ['X', 80],
    ['I', 80],
    ['Z', 80],
    [' @', 80],
    [' A', 80],
    ["'}", 80],
    ["'~", 80],
    ['b', 1920],
  ])('of CSI %s is no larger than the screen', (final, most) => {
    for (const introducer of ['\x1b[', '\x9b']) {
      for (const count of ['2147483647', '99999999999999999999', `${most + 1}`, `000${most + 1}`]) {
        expect(guarded(`a${introducer}${count}${final}z`)).toBe(`a${introducer}${most}${final}z`)
      }
      for (const count of ['', '0', '1', '0007', `${most}`]) {
        expect(guarded(`a${introducer}${count}${final}z`)).toBe(`a${introducer}${count}${final}z`)
      }
      expect(guarded(`a${introducer}99999;7:8${final}`)).toBe(`a${introducer}${most};7:8${final}`)
    }
  })

  it.each(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'a', 'd', 'e', 'f', 'm', 'n', 'r', 't', '`'])(
    'of CSI %s is left alone: xterm.js compares it with the screen itself',
    (final) => {
      expect(guarded(`\x1b[2147483647;99999${final}`)).toBe(`\x1b[2147483647;99999${final}`)
    },
  )

  it('of a private sequence means something else', () => {
    expect(guarded('\x1b[?9999S\x1b[>9999T\x1b[=9999b')).toBe('\x1b[?9999S\x1b[>9999T\x1b[=9999b')
  })

  it('follows the size of the screen', () => {
    let size = { cols: 10, rows: 5 }
    const guard = new Guard(() => size)
    expect(guard.push('\x1b[99S')).toBe('\x1b[5S')
    size = { cols: 10, rows: 50 }
    expect(guard.push('\x1b[99S')).toBe('\x1b[50S')
  })

  it('repeats a letter with marks once, since the marks are repeated with it', () => {
    expect(guarded('e\u0301\x1b[9b')).toBe('e\u0301\x1b[1b')
    expect(guarded('e\u0301', '\x1b[', '9b')).toBe('e\u0301\x1b[1b')
    expect(guarded('👩\u200d🚀\x1b[9b')).toBe('👩\u200d🚀\x1b[1b')
    expect(guarded('─\x1b[70b 漢\x1b[70b')).toBe('─\x1b[70b 漢\x1b[70b')
  })
})

describe('a string', () => {
  it.each([
    '\x1b]0;title\x07',
    '\x1b]0;title\x1b\\',
    '\x9d0;title\x9c',
    '\x1bP$qm\x1b\\',
    '\x90$qm\x9c',
    '\x1bXtext\x1b\\',
    '\x1b^text\x1b\\',
    '\x1b_Gf=100;AAAA\x1b\\',
    `\x1b]8;id=1;https://example.com/${'x'.repeat(2_000)}\x1b\\`,
    '\x1b]11;?\x07',
    // A bell does not end these.
    '\x1bPbell\x07goes on\x1b\\',
  ])('that ends passes whole (%j)', (string) => {
    expect(guarded(`before${string}after`)).toBe(`before${string}after`)
    const guard = newGuard()
    const half = Math.ceil(string.length / 2)
    expect(guard.push(`before${string.slice(0, half)}`)).toBe('before')
    expect(guard.holding).toBe(true)
    expect(guard.push(`${string.slice(half)}after`)).toBe(`${string}after`)
    expect(guard.skipped).toBe(0)
  })

  it.each(INTRODUCERS)('is given up at the end of a line (%j)', (introducer) => {
    for (const end of ['\r\n', '\n', '\r']) {
      const guard = newGuard()
      const noise = `before${end}${introducer}kernel line 1${end}kernel line 2${end}`
      expect(guard.push(noise)).toBe(`before${end}kernel line 1${end}kernel line 2${end}`)
      expect(guard.skipped).toBe(1)
    }
  })

  it.each(['\x18', '\x1a', '\x1b[0m', '\x1bM', '\x1b(B', '\x85', '\x84'])('is given up at %j', (cut) => {
    for (const introducer of INTRODUCERS) {
      expect(guarded(`a${introducer}text${cut}after`)).toBe(`atext${cut}after`)
    }
  })

  it('is given up where another begins', () => {
    expect(guarded('\x1bPone\x1b]0;two\x07three')).toBe('one\x1b]0;two\x07three')
    expect(guarded('\x1bPone\x1bPtwo\r\n')).toBe('onetwo\r\n')
    expect(guarded('\x90one\x9dtwo\r\n')).toBe('onetwo\r\n')
  })

  it('is given up when it is too long', () => {
    const body = 'x'.repeat(MAX_STRING)
    expect(guarded(`\x1bP${body}\x1b\\`)).toBe(`\x1bP${body}\x1b\\`)
    expect(guarded(`\x1bP${body}`, 'y', '\x1b\\')).toBe(`${body}y\x1b\\`)
  })

  it('is given up after a silence, so that it cannot hide a prompt', () => {
    const guard = newGuard()
    expect(guard.push('\x1bPweb-01 login: ')).toBe('')
    expect(guard.holding).toBe(true)
    expect(guard.flush()).toBe('web-01 login: ')
    expect([guard.holding, guard.skipped]).toEqual([false, 1])
    expect(guard.flush()).toBe('')
    expect(guard.push('root')).toBe('root')
  })

  it('keeps, after a silence, an ESC that may begin something else', () => {
    const guard = newGuard()
    guard.push('\x1bPtext\x1b')
    expect(guard.flush()).toBe('text')
    expect(guard.push('[0m')).toBe('\x1b[0m')
  })

  it('does not write to the clipboard', () => {
    for (const write of [
      '\x1b]52;c;cm0gLXJm\x07',
      '\x9d52;c;cm0=\x9c',
      '\x1b]052;;x\x1b\\',
      '\x1b]5\x012;;x\x07',
    ]) {
      expect(guarded(`a${write}b`)).toBe('ab')
    }
    expect(guarded('\x1b]520;x\x07')).toBe('\x1b]520;x\x07')
  })
})

describe('half a sequence', () => {
  it.each(['\x1b', '\x1b[', '\x1b[1;3', '\x1b[?', '\x1b(', '\x9b', '\x9b1'])('is held back (%j)', (half) => {
    const guard = newGuard()
    expect(guard.push(`text${half}`)).toBe('text')
    // Silence does not end it: nothing is hidden, and the rest may be late.
    expect(guard.flush()).toBe('')
    expect(guard.push('0B')).toBe(`${half}0B`)
  })

  it('is forgotten where the stream breaks', () => {
    const guard = newGuard()
    guard.push('\x1b[1;3')
    expect(guard.end()).toBe('')
    expect(guard.push('1m')).toBe('1m')
    guard.push('\x1bPtext\x1b')
    expect(guard.end()).toBe('text')
    expect(guard.push('c')).toBe('c')
  })

  it('is left out where another sequence, a letter or a cancel cuts it off', () => {
    expect(guarded('a\x1b[1\x1b[2mb')).toBe('a\x1b[2mb')
    expect(guarded('a\x1b\x1bPb\r\n')).toBe('ab\r\n')
    expect(guarded('a\x1b[1éb')).toBe('aéb')
    expect(guarded('a\x1b[1\x18b')).toBe('a\x18b')
    expect(guarded('a\x1b[1\x9b2mb')).toBe('a\x9b2mb')
  })

  it('lets a line end inside it at once', () => {
    const guard = newGuard()
    expect(guard.push('one\x1b[1;\r\n')).toBe('one\r\n')
    expect(guard.push('31mtwo')).toBe('\x1b[1;31mtwo')
  })

  it('is given up when it is too long', () => {
    const guard = newGuard()
    const digits = '1'.repeat(MAX_SEQUENCE)
    expect(guard.push(`a\x1b[${digits}`)).toBe(`a${digits.slice(0, MAX_SEQUENCE - 1)}1`)
    expect(guard.skipped).toBe(1)
    expect(guarded(`\x1b${'('.repeat(MAX_SEQUENCE)}B`)).toBe(`${'('.repeat(MAX_SEQUENCE)}B`)
  })
})

/** Streams that are as bad as line noise can be. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('\x1b', '\x1b[', '\x9b', ...INTRODUCERS) },
      { weight: 4, arbitrary: fc.constantFrom('\x07', '\x18', '\x1a', '\x1b\\', '\x9c', '\r', '\n', '\r\n') },
      {
        weight: 4,
        arbitrary: fc.constantFrom('0', '7', '99', '2147483647', ';', ':', '?', '>', ' ', "'", '(', '\\'),
      },
      { weight: 3, arbitrary: fc.constantFrom(...'STLM@PXbIZAHJKmhqc}~') },
      {
        weight: 3,
        arbitrary: fc.constantFrom('\x00', '\b', '\t', '\x0e', '\x7f', '\x84', '\x85', '\x8d', '\x99'),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('a', 'word', 'é', 'e\u0301', '─', '🚀', ']52;c;', '52;', '0;t'),
      },
      { weight: 1, arbitrary: fc.constantFrom('x'.repeat(MAX_STRING - 3), '1'.repeat(MAX_SEQUENCE - 2)) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))

const cuts = fc.array(fc.nat(400), { maxLength: 30 })

function split(text: string, at: readonly number[]): string[] {
  const ends = [...new Set(at.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end))
}

/** The state of xterm.js's parser. 0: outside any sequence. */
function parserState(term: Terminal): unknown {
  const core: unknown = Reflect.get(term, '_core')
  const handler: unknown = Reflect.get(Object(core), '_inputHandler')
  const parser: unknown = Reflect.get(Object(handler), '_parser')
  return Reflect.get(Object(parser), 'currentState')
}

function writeSync(term: Terminal, text: string): void {
  const core: { writeSync(text: string): void } = Reflect.get(term, '_core')
  core.writeSync(text)
}

const newTerminal = () => new Terminal({ ...SIZE, scrollback: 100, allowProposedApi: true, logLevel: 'off' })

const RUNS = { numRuns: 10_000 }

describe('whatever the stream is', () => {
  it('gives the same however it is split', () => {
    fc.assert(
      fc.property(hostile, cuts, (text, at) => {
        const [whole, pieces] = [newGuard(), newGuard()]
        const expected = whole.push(text) + whole.end()
        expect(
          split(text, at)
            .map((piece) => pieces.push(piece))
            .join('') + pieces.end(),
        ).toBe(expected)
        expect(pieces.skipped).toBe(whole.skipped)
      }),
      RUNS,
    )
  })

  it('changes nothing in what a guard let through', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = guarded(text)
        expect(guarded(once)).toBe(once)
      }),
      RUNS,
    )
  })

  it('leaves xterm.js outside of every sequence after each piece, silence and break', () => {
    const term = newTerminal()
    fc.assert(
      fc.property(hostile, cuts, (text, at) => {
        const guard = newGuard()
        for (const piece of split(text, at)) {
          writeSync(term, guard.push(piece))
          expect(parserState(term)).toBe(0)
          if (piece.length % 3 === 0) writeSync(term, guard.flush())
          expect(parserState(term)).toBe(0)
        }
        writeSync(term, guard.end())
        expect(parserState(term)).toBe(0)
      }),
      RUNS,
    )
    term.dispose()
  }, 120_000)

  it('shows every line that stands outside of a whole sequence', () => {
    const line = fc.stringMatching(/^[a-z][ -~é─]{0,30}$/).map((text) => ({ kind: 'line' as const, text }))
    const whole = fc
      .constantFrom(
        '\x1b[0;1;31m',
        '\x1b]0;title\x07',
        '\x1bP$qm\x1b\\',
        '\x1b(B',
        '\x1b[2J',
        '\x9b4m',
        '\x1b_x\x1b\\',
      )
      .map((text) => ({ kind: 'whole' as const, text }))
    const opened = fc.constantFrom(...INTRODUCERS).map((text) => ({ kind: 'opened' as const, text }))
    const begun = fc
      .constantFrom('\x1b', '\x1b[', '\x1b[1;', '\x9b', '\x9b?')
      .map((text) => ({ kind: 'begun' as const, text }))
    fc.assert(
      fc.property(
        fc.array(fc.oneof(line, line, whole, opened, begun), { maxLength: 30 }),
        cuts,
        (parts, at) => {
          const text = parts.map(({ kind, text: part }) => (kind === 'line' ? `${part}\r\n` : part)).join('')
          const out = guarded(...split(text, at))
          for (const [index, part] of parts.entries()) {
            if (part.kind !== 'line') continue
            // As on every terminal, a letter is what ends a sequence that has begun.
            const swallowed = parts[index - 1]?.kind === 'begun' ? 1 : 0
            expect(out).toContain(`${part.text.slice(swallowed)}\r\n`)
          }
        },
      ),
      RUNS,
    )
  })

  it('changes nothing where there is nothing to guard against', () => {
    const harmless = fc
      .array(
        fc.constantFrom(
          ...[
            'login: ',
            'žluť ─ 漢 🚀',
            '\r\n',
            '\t',
            '\b \b',
            '\x07',
            '\x1b[0;1;38;5;208m',
            '\x1b[H\x1b[2J',
            '\x9b1;31m',
          ],
          ...[
            '\x1b[3;8r',
            '\x1b[5@',
            '\x1b[24S',
            '\x1b[2 q',
            '\x1bM',
            '\x1b7',
            '\x1b(0lqk\x1b(B',
            '\x1b[?1049h',
            '\x84',
          ],
          ...[
            '\x1b]0;title\x07',
            '\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\',
            '\x1bP$qm\x1b\\',
            '\x1b[6n',
            '\x1bc',
          ],
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(harmless, cuts, (text, at) => {
        expect(guarded(...split(text, at))).toBe(text)
      }),
      RUNS,
    )
  })
})

describe('xterm.js behind the guard', () => {
  /** @returns ms, with `first` on the screen before */
  function timeOf(text: string, first = ''): number {
    const term = newTerminal()
    writeSync(term, `${'line\r\n'.repeat(100)}${first}`)
    const begun = performance.now()
    writeSync(term, guarded(first + text).slice(first.length))
    const ms = performance.now() - begun
    term.dispose()
    return ms
  }

  // Without the guard each takes from seconds to for ever, and the last gibibytes of memory.
  it.each(['S', 'T', 'L', 'M', '@', 'P', 'X', 'I', 'Z', ' @', ' A', "'}", "'~"])(
    'is quick with CSI 2147483647 %s',
    (final) => {
      expect(timeOf(`\x1b[2147483647${final}`)).toBeLessThan(100)
    },
  )

  it('is quick with a repeated character, also one that has many marks', () => {
    expect(timeOf('\x1b[2147483647b', 'a')).toBeLessThan(100)
    expect(timeOf('\x1b[2147483647b', `a${'\u0301'.repeat(10_000)}`)).toBeLessThan(100)
  })

  it('draws counts beyond the screen as without the guard', () => {
    for (const final of ['S', 'T', 'L', 'M', '@', 'P', 'X', 'I', 'Z', ' @', ' A', "'}", "'~"]) {
      const screen = (text: string) => {
        const term = newTerminal()
        writeSync(term, `${'some words in each line\r\n'.repeat(30)}\x1b[10;7H${text}|`)
        const rows = Array.from({ length: term.rows }, (_, row) =>
          term.buffer.active.getLine(term.buffer.active.baseY + row)?.translateToString(),
        )
        term.dispose()
        return rows
      }
      const text = `\x1b[1000${final}`
      expect(screen(guarded(text))).toEqual(screen(text))
    }
  })

  it.each(INTRODUCERS.slice(0, 5))('shows the lines after %j in line noise', (introducer) => {
    const term = newTerminal()
    const noise = `before\r\n${introducer}kernel line 1\r\nkernel line 2\r\nkernel line 3\r\n`
    writeSync(term, guarded(noise))
    const rows = [0, 1, 2, 3].map((row) => term.buffer.active.getLine(row)?.translateToString(true))
    expect(rows).toEqual(['before', 'kernel line 1', 'kernel line 2', 'kernel line 3'])
    term.dispose()
  })
})
