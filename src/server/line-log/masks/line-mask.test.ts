import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineMask, PIECE } from './line-mask.ts'
import { Masks } from './masks.ts'

const masksOf = (...patterns: string[]) =>
  new Masks(patterns.map((pattern, index) => ({ line: index + 1, pattern })))
const bytes = (text: string) => Buffer.from(text, 'latin1')

/** @returns all that left for these pieces, and then for the flush */
function masked(masks: Masks, pieces: readonly Buffer[]): string {
  const mask = new LineMask(masks)
  const passed = pieces.map((piece) => mask.push(piece))
  return Buffer.concat([...passed, mask.flush()]).toString('latin1')
}

const once = (pattern: string, text: string) => masked(masksOf(pattern), [bytes(text)])

function split(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b)
  return [...places, whole.length].map((end, index) =>
    whole.subarray(index === 0 ? 0 : places[index - 1], end),
  )
}

describe('what is masked', () => {
  it('is the whole match, or the groups that took part in it', () => {
    expect(once('AKIA[0-9A-Z]{8}', 'id AKIA12345678 ok\r\n')).toBe('id ************ ok\r\n')
    expect(once('password[:=] *(\\S+)', 'password: hunter2 x\r\n')).toBe('password: ******* x\r\n')
    expect(once('(\\w+)@(\\w+)', 'mail bob@home\n')).toBe('mail ***@****\n')
    expect(once('token=(\\w+)|secret', 'token=a1, secret\n')).toBe('token=**, ******\n')
  })

  it('is found in each line of its own: a match does not cross a line end, and ^ and $ are the ends of a line', () => {
    expect(once('a\\s+b', 'a\r\nb\r\n')).toBe('a\r\nb\r\n')
    expect(once('^key.*$', 'a key\r\nkey 1\r\n')).toBe('a key\r\n*****\r\n')
    expect(once('\\Akey.*\\z', 'a key\r\nkey 1\r\n')).toBe('a key\r\n*****\r\n')
    expect(once('(?-m:^key$)', 'key\rkey\n')).toBe('***\r***\n')
  })

  it('sees bytes, so other bytes stay as they are in any charset, and UTF-8 in a pattern is UTF-8 on the line', () => {
    const gbk = Buffer.from([0xc3, 0xdc, 0xc2, 0xeb, 0x3a, 0x31, 0x32, 0x0a])
    expect(once(':\\d+', gbk.toString('latin1'))).toBe('\xc3\xdc\xc2\xeb***\n')
    const line = Buffer.from('Schlüssel: übel, Ü1\n').toString('latin1')
    expect(once('(?i)schlüssel: (ü\\w+)', line)).toBe(
      Buffer.from('Schlüssel: *****, Ü1\n').toString('latin1'),
    )
    expect(once('ü{2}', Buffer.from('üü\n').toString('latin1'))).toBe('****\n')
  })

  it('is the same object where nothing matches and nothing waits', () => {
    const mask = new LineMask(masksOf('secret'))
    const lines = bytes('one\r\ntwo\r\n')
    expect(mask.push(lines)).toBe(lines)
    const unchanged = bytes('a secret\n')
    expect(mask.push(unchanged).toString()).toBe('a ******\n')
    expect(unchanged.toString()).toBe('a secret\n')
  })

  it('is counted for each mask', () => {
    const masks = masksOf('a\\d', 'never', '(?:b)(\\d+)')
    masked(masks, [bytes('a1 a2 b3\na'), bytes('4\n')])
    expect(masks.counts).toEqual([
      { line: 1, matches: 3 },
      { line: 2, matches: 0 },
      { line: 3, matches: 1 },
    ])
  })
})

describe('a line without its end', () => {
  it('waits, since what follows may complete a match', () => {
    const mask = new LineMask(masksOf('secret'))
    expect(mask.push(bytes('ok\na sec')).toString()).toBe('ok\n')
    expect(mask.held).toBe(5)
    expect(mask.push(bytes('ret\n')).toString()).toBe('a ******\n')
    expect(mask.held).toBe(0)
  })

  it('leaves with a flush, masked so far; the rest is masked by a look at the whole line, and counted once', () => {
    const masks = masksOf('password: (\\S+)')
    const mask = new LineMask(masks)
    mask.push(bytes('password: hun'))
    expect(mask.flush().toString()).toBe('password: ***')
    expect(mask.flush().toString()).toBe('')
    expect(mask.push(bytes('ter')).toString()).toBe('')
    expect(mask.flush().toString()).toBe('***')
    expect(mask.push(bytes('2 is wrong\nnext\n')).toString()).toBe('* is wrong\nnext\n')
    expect(masks.counts).toEqual([{ line: 1, matches: 1 }])
  })

  it('waits for no more than a piece of it', () => {
    const mask = new LineMask(masksOf('secret'))
    mask.push(bytes('x'.repeat(PIECE)))
    expect(mask.held).toBe(PIECE)
    mask.push(bytes('x'))
    expect(mask.held).toBeLessThan(PIECE)
  })

  it('is masked across the ends of its pieces', () => {
    for (const before of [PIECE / 2 - 3, PIECE - 3, PIECE + 100, 2 * PIECE - 3]) {
      const text = `${'x'.repeat(before)}secret${'y'.repeat(3 * PIECE)}\n`
      expect(once('secret', text)).toBe(text.replace('secret', '******'))
    }
  })

  it('is masked to its end if a match reaches the end of a piece', () => {
    const text = `key=${'k'.repeat(3 * PIECE)} and more\nnext\n`
    expect(once('key=(\\S+)', text)).toBe(`key=${'*'.repeat(3 * PIECE + 9)}\nnext\n`)
  })
})

describe('any stream', () => {
  const masks = masksOf('pass(?:word)?[:=] *(\\S+)', '(?i)key', '\\d{4}-\\d{4}', '^#.*$', '\\bx+y')
  const word = fc.constantFrom(
    ...['password: ', 'pass=', 'hunter2', 'key', 'KEY', '1234-5678', '#', ' ', '\r\n', '\n', '\r'],
    ...['\x1b[31m', 'ü', 'xx', 'y', '\x00', 'z'.repeat(PIECE / 2), 'x'.repeat(PIECE + 1), '9'.repeat(100)],
  )
  const stream = fc.array(word, { maxLength: 40 }).map((words) => bytes(words.join('')))
  const cuts = fc.array(fc.nat(100_000), { maxLength: 12 })

  it('is masked alike however it is split', () => {
    fc.assert(
      fc.property(stream, cuts, (whole, places) => {
        expect(masked(masks, split(whole, places))).toBe(masked(masks, [whole]))
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps its length, its line ends, and each byte that is not masked, with flushes anywhere', () => {
    fc.assert(
      fc.property(stream, cuts, fc.array(fc.boolean()), (whole, places, flushes) => {
        const mask = new LineMask(masks)
        const passed = split(whole, places).flatMap((piece, index) => [
          mask.push(piece),
          flushes[index] ? mask.flush() : Buffer.alloc(0),
        ])
        const result = Buffer.concat([...passed, mask.flush()])
        expect(result.length).toBe(whole.length)
        const wrong = [...result.keys()].filter((index) => {
          const [before, after] = [whole.readUInt8(index), result.readUInt8(index)]
          return after !== before && (after !== 0x2a || before === 0x0a || before === 0x0d)
        })
        expect(wrong).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('is masked as each of its lines alone', () => {
    fc.assert(
      fc.property(stream, (whole) => {
        const lines = whole.toString('latin1').split(/(?<=[\r\n])/)
        const alone = lines.map((line) => masked(masks, [bytes(line)])).join('')
        expect(masked(masks, [whole])).toBe(alone)
      }),
      { numRuns: 500 },
    )
  })

  it('takes time in proportion to its length, with patterns that take others ages', () => {
    const text = `${'a'.repeat(PIECE - 10)}!\n`.repeat(20)
    const start = performance.now()
    expect(once('(a+)+$', text)).toBe(text)
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
