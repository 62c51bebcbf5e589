import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CastEvent, encodeEvent, encodeHeader } from './cast.ts'
import { PlainLines } from './plain-lines.ts'
import { screenText } from './screen-text.ts'
import { searchCast } from './search.ts'

async function castOf(events: CastEvent[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cast-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'x.cast')
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return path
}

const limits = { matches: 10, signal: new AbortController().signal, timeIsUp: () => false }

async function find(events: CastEvent[], query: string, change: Partial<typeof limits> = {}) {
  return searchCast(await castOf(events), query, { ...limits, ...change })
}

describe('a search in a recording', () => {
  it('finds in any case, with what is around it and the second', async () => {
    const found = await find(
      [
        [0.5, 'o', 'booting\r\n'],
        [7.25, 'o', 'kernel: Out of MEMORY: killed nginx\r\n'],
      ],
      'of memory',
    )
    expect(found).toEqual({
      matches: [{ second: 7.25, before: 'kernel: Out ', match: 'of MEMORY', after: ': killed nginx' }],
      more: false,
    })
  })

  it('sees through colours and titles, also when a sequence is split between events', async () => {
    const events: CastEvent[] = [
      [1, 'o', '\x1b]0;hidden\x07kernel \x1b[1;'],
      [2, 'o', '31mpan\x1b'],
      [3, 'o', '[0mic\x1bPhidden\x1b\\ here\r\n'],
    ]
    expect((await find(events, 'panic here')).matches).toMatchObject([{ second: 2 }])
    expect((await find(events, 'hidden')).matches).toEqual([])
  })

  it('joins what was echoed letter by letter, and takes rubbed out letters away', async () => {
    const events: CastEvent[] = [...'rebooz\b \bt'].map((text, index) => [index, 'o', text])
    expect((await find(events, 'reboot')).matches).toMatchObject([{ second: 0, match: 'reboot' }])
  })

  it('does not join rows that are placed by cursor moves', async () => {
    const events: CastEvent[] = [[1, 'o', '\x1b[2J\x1b[1;1HGNU GRUB\x1b[3;1HDebian\rOverwritten']]
    expect((await find(events, 'grubdebian')).matches).toEqual([])
    expect((await find(events, 'debian')).matches).toMatchObject([{ before: '', after: '' }])
  })

  it('looks at what was printed, not at what was typed or marked', async () => {
    const events: CastEvent[] = [
      [1, 'i', 'needle'],
      [2, 'm', 'needle'],
      [3, 'o', 'nee'],
    ]
    expect((await find(events, 'needle')).matches).toEqual([])
  })

  it('takes the query as text', async () => {
    expect((await find([[1, 'o', 'a.b*c (d) [e]']], '.b*c (d) [')).matches).toHaveLength(1)
    expect((await find([[1, 'o', 'abc']], '.*')).matches).toEqual([])
  })

  it('stops at enough matches, and when time is up', async () => {
    const events = Array.from({ length: 50 }, (_, index): CastEvent => [index, 'o', 'tick\r\n'])
    expect(await find(events, 'tick')).toMatchObject({ matches: { length: 10 }, more: true })
    expect(await find(events, 'tick', { timeIsUp: () => true })).toMatchObject({ more: true })
  })

  it('keeps a line without an end within bounds', () => {
    const lines = new PlainLines()
    const found: string[] = []
    for (let count = 0; count < 100; count += 1) {
      for (const { text } of lines.feed(count, 'x'.repeat(1_000))) found.push(text)
    }
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(10_000)
    expect(found.join('').length).toBeGreaterThan(90_000)
  })
})

describe('the text of a recording', () => {
  async function textOf(events: CastEvent[]): Promise<string> {
    let text = ''
    for await (const part of screenText(await castOf(events))) text += part
    return text
  }

  it('is what a person saw: moved, overwritten and wrapped as on a screen', async () => {
    const long = 'w'.repeat(200)
    const text = await textOf([
      [0, 'o', 'progress 10 %\rprogress 99 %\r\n'],
      [1, 'o', `\x1b[31mred\x1b[0m\r\n${long}\r\nrebooz\b \bt`],
      [2, 'i', 'typed'],
    ])
    expect(text).toBe(`progress 99 %\nred\n${long}\nreboot\n`)
  })

  it('has every line once, however many there are and however they come', async () => {
    const count = 30_000
    const events = Array.from(
      { length: count / 100 },
      (_, part): CastEvent => [
        part,
        'o',
        Array.from({ length: 100 }, (_, line) => `line ${part * 100 + line}\r\n`).join(''),
      ],
    )
    const lines = (await textOf(events)).trimEnd().split('\n')
    expect(lines).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`))
  })

  it('loses no line of a flood of empty ones', async () => {
    const text = await textOf([[0, 'o', `first\r\n${'\n'.repeat(60_000)}last`]])
    expect(text.split('\n')).toHaveLength(60_003)
    expect(text).toMatch(/^first\n\n+ *last\n$/)
  })

  it('keeps a cleared screen, and leaves out what a full-screen program drew', async () => {
    const text = await textOf([
      [0, 'o', 'GNU GRUB\r\nDebian\x1b[2J\x1b[HLinux version 6\r\n'],
      [1, 'o', '\x1b[?1049h\x1b[Hvi was here\x1b[?1049l# '],
    ])
    expect(text).toContain('GNU GRUB\nDebian\n')
    expect(text).toContain('Linux version 6\n#\n')
    expect(text).not.toContain('vi was here')
  })
})
