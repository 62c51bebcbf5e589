import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryStore } from '../../../testing/line-log.ts'
import { LogText, type TextPage, type TextRow } from './log-text.ts'

const line = { server: { id: 'id-db', name: 'db-fra-01' }, project: null }
const small = { block: 64, lookAhead: 24 }
const power = { kind: 'power', action: 'reboot', by: 'Ada' } as const

type Step = string | { lose: number } | { mark: true }

/** A log to which steps are added, one second after another. */
function newLog() {
  const log = new MemoryStore().line(line)
  let time = 0
  return {
    log,
    add(step: Step) {
      time += 1000
      if (typeof step === 'string') log.append(Buffer.from(step, 'latin1'), time)
      else if ('lose' in step) log.lose(step.lose, time)
      else log.mark(power, time)
    },
  }
}

const textsOf = (rows: readonly TextRow[]) =>
  rows.map((row) => (row.kind === 'line' ? row.text : `<${row.mark.kind}>`))

/** All rows, by pages from the beginning on. */
async function forward(text: LogText, sizes: readonly number[]): Promise<TextRow[]> {
  const rows: TextRow[] = []
  let cursor = 0
  for (let index = 0; ; index++) {
    const page: TextPage = await text.from(cursor, sizes[index % sizes.length] ?? 1)
    rows.push(...page.rows)
    if (page.atEnd) return rows
    if (page.after <= cursor) throw new Error('the pages do not go on')
    cursor = page.after
  }
}

/** All rows, by pages from the end back. */
async function backward(text: LogText, sizes: readonly number[]): Promise<TextRow[]> {
  let page = await text.last(sizes[0] ?? 1)
  let rows = page.rows
  for (let index = 1; page.before !== null; index++) {
    const cursor = page.before
    page = await text.before(cursor, sizes[index % sizes.length] ?? 1)
    rows = [...page.rows, ...rows]
    if (page.before !== null && page.before >= cursor) throw new Error('the pages do not go on')
  }
  return rows
}

describe('lines', () => {
  it('know where they begin and end, and the last has not ended', async () => {
    const { log, add } = newLog()
    add('one\r\ntwo\r\n\r\n\x1b[31mlogin:\x1b[0m ')
    const { rows, before, after, atEnd } = await new LogText(log).from(0, 10)
    expect(rows).toEqual([
      { kind: 'line', offset: 0, end: 5, text: 'one' },
      { kind: 'line', offset: 5, end: 10, text: 'two' },
      { kind: 'line', offset: 10, end: 12, text: '' },
      { kind: 'line', offset: 17, end: null, text: 'login:' },
    ])
    expect({ before, after, atEnd }).toEqual({ before: null, after: 12, atEnd: true })
  })

  it('from a place within a line begin with that line', async () => {
    const { log, add } = newLog()
    add('one\r\ntwo\r\nthree\r\n')
    expect(textsOf((await new LogText(log).from(7, 10)).rows)).toEqual(['two', 'three'])
    expect(textsOf((await new LogText(log).from(5, 10)).rows)).toEqual(['two', 'three'])
    expect(textsOf((await new LogText(log).before(5, 10)).rows)).toEqual(['one'])
    expect(textsOf((await new LogText(log).before(7, 10)).rows)).toEqual(['one'])
  })

  it('end at a mark and where bytes are missing', async () => {
    const { log, add } = newLog()
    for (const step of ['half ', { mark: true }, 'a line\r\n', { lose: 30 }, 'rest\r\n'] as const) add(step)
    expect(textsOf((await new LogText(log).from(0, 10)).rows)).toEqual([
      'half',
      '<power>',
      'a line',
      '<gap>',
      'rest',
    ])
  })

  it('begin at the oldest byte that is kept', async () => {
    const { log, add } = newLog()
    for (let index = 0; index < 20; index++) add(`line ${index}\r\n`)
    log.drop(100)
    const all = await forward(new LogText(log, small), [3])
    expect(textsOf(all).at(0)).toBe('line 13')
    expect(await backward(new LogText(log, small), [3])).toEqual(all)
    expect(await new LogText(log, small).before(10, 5)).toMatchObject({ rows: [], before: null })
  })

  it('of an empty log are none', async () => {
    const { log } = newLog()
    expect(await new LogText(log).last(10)).toEqual({ rows: [], before: null, after: 0, atEnd: true })
    expect(await new LogText(log).from(0, 10)).toMatchObject({ rows: [], after: 0, atEnd: true })
  })
})

const words = fc.constantFrom(
  'eth0: link up\r\n',
  'a\n',
  '\r\n',
  '\x1b[32m[ OK ]\x1b[0m Started SSH\r\n',
  '10%\r20%\r30%',
  '\x1b[2J\x1b[H',
  '\x1b[5;1Htop - 12:00',
  'x'.repeat(70),
  'w\xc3\xbc',
  '\x1b',
  '\x1b[1',
  '\x1bM',
  '\x0b',
  '\x1bP',
  '$ ',
)
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: words },
    { weight: 1, arbitrary: fc.record({ lose: fc.integer({ min: 1, max: 200 }) }) },
    { weight: 1, arbitrary: fc.constant({ mark: true } as const) },
  ),
  { maxLength: 60 },
)
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

describe('pages of any text', () => {
  it('meet without loss, forward and back', async () => {
    await fc.assert(
      fc.asyncProperty(steps, sizes, sizes, async (said, some, others) => {
        const { log, add } = newLog()
        for (const step of said) add(step)
        const text = new LogText(log, small)
        const all = await forward(text, [1000])
        expect(await forward(text, some)).toEqual(all)
        expect(await backward(text, others)).toEqual(all)
      }),
      { numRuns: 300 },
    )
  })

  it('are the same, however they came and were read', async () => {
    await fc.assert(
      fc.asyncProperty(steps, sizes, async (said, some) => {
        const { log, add } = newLog()
        const text = new LogText(log, small)
        let seen: TextRow[] = []
        let cursor = 0
        for (const step of said) {
          add(step)
          const page = await text.from(cursor, some[0] ?? 1)
          // What is not before the cursor comes again.
          seen = seen.filter((row) => (row.kind === 'mark' ? row.at < cursor : row.end !== null))
          seen.push(...page.rows)
          cursor = page.after
        }
        for (let page = await text.from(cursor, 5); ; page = await text.from(cursor, 5)) {
          seen = seen.filter((row) => (row.kind === 'mark' ? row.at < cursor : row.end !== null))
          seen.push(...page.rows)
          if (page.atEnd) break
          cursor = page.after
        }
        expect(seen).toEqual(await forward(text, [1000]))
      }),
      { numRuns: 300 },
    )
  })
})
