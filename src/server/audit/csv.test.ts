import { describe, expect, it } from 'vitest'
import { testAudit } from '../../testing/audit.ts'
import { csvOf } from './csv.ts'

/** The cell of a name, as the file has it. */
async function cellOf(name: string): Promise<string> {
  const audit = testAudit()
  audit.record('power', { outcome: 'done', user: { id: 'u', name }, from: 'a' })
  let text = ''
  for await (const piece of csvOf(audit.search({}, null), () => true)) text += piece
  const row = text.slice(text.indexOf('\r\n') + 2)
  return /,done,,u,((?:"(?:[^"]|"")*")|[^,]*),a,,,,,,,,1,,\r\n$/.exec(row)?.[1] ?? row
}

describe('a cell of the audit log as CSV', () => {
  it.each([
    ['=', '=1+1', "'=1+1"],
    ['+', '+1', "'+1"],
    ['-', '-1+1', "'-1+1"],
    ['@', '@SUM(A1)', "'@SUM(A1)"],
    ['TAB', '\t=1', "'\t=1"],
    ['CR', '\r=1', '"\'\r=1"'],
    ['LF', '\n=1', '"\'\n=1"'],
    ['a full-width =', '＝1', "'＝1"],
  ])('that begins with %s is no formula', async (_, name, cell) => {
    expect(await cellOf(name)).toBe(cell)
  })

  it('keeps a formula’s signs where they begin nothing', async () => {
    expect(await cellOf('1-1=0+@')).toBe('1-1=0+@')
  })

  it.each([
    ['ESC', 'a\x1b[2Jb', 'a\\u001b[2Jb'],
    ['NUL, BEL and DEL', '\0\x07\x7f', '\\u0000\\u0007\\u007f'],
    ['C1', '\x9b31m', '\\u009b31m'],
    ['an override of the direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
    ['marks of direction', '\u200e\u200f', '\\u200e\\u200f'],
  ])('shows %s instead of sending it to a terminal', async (_, name, cell) => {
    expect(await cellOf(name)).toBe(cell)
  })

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'a"b', '"a""b"'],
    ['CRLF', 'a\r\nb', '"a\r\nb"'],
    ['CR alone', 'a\rb', '"a\rb"'],
    ['LF alone', 'a\nb', '"a\nb"'],
  ])('with %s stays one cell', async (_, name, cell) => {
    expect(await cellOf(name)).toBe(cell)
  })
})
