import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CastEvent, encodeEvent, encodeHeader, readEvents } from './cast.ts'
import { castText } from './cast-lines.ts'
import { searchRecording, searchRecordings } from './search.ts'

async function castOf(events: CastEvent[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cast-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'x.cast')
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return path
}

const limits = { matches: 10, timeIsUp: () => false }

async function find(events: CastEvent[], query: string, change: Partial<typeof limits> = {}) {
  return searchRecording(readEvents(await castOf(events)), query, { ...limits, ...change })
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
    expect((await find(events, 'overwritten')).matches).toMatchObject([{ before: '', after: '' }])
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

  it('finds what was cleared from the screen, and what a string without an end would hide', async () => {
    const events: CastEvent[] = [
      [1, 'o', 'Kernel panic - not syncing\r\n\x1b[2J\x1b[HBdsDxe: loading\r\n'],
      [2, 'o', '\x1bPkernel line 1\r\n'],
      [3, 'o', '\x1b]0;login: '],
      [4, 'o', 'root'],
    ]
    expect((await find(events, 'kernel panic')).matches).toMatchObject([{ second: 1 }])
    expect((await find(events, 'kernel line 1')).matches).toMatchObject([{ second: 2 }])
    // After a silence.
    expect((await find(events, 'login: root')).matches).toMatchObject([{ match: 'login: root' }])
  })

  it('goes through recordings until the page is full, and passes over one that is gone', async () => {
    const [one, none, other] = [
      await castOf([[1, 'o', 'tick']]),
      await castOf([]),
      await castOf([[2, 'o', 'tick']]),
    ]
    const recordings = [one, '/nowhere', none, other].map((path, index) => ({
      id: `${index}`,
      open: () => readEvents(path),
    }))
    const page = (skip: number, take: number) =>
      searchRecordings(recordings, 'tick', { ...limits, skip, take })
    const ids = async (skip: number, take: number) => (await page(skip, take)).found.map(({ id }) => id)
    expect([await ids(0, 5), await ids(0, 1), await ids(1, 1)]).toEqual([['0', '3'], ['0'], ['3']])
    expect(await page(0, 1)).toMatchObject({ hasMore: true, complete: true })
    expect(
      await searchRecordings(recordings, 'tick', { ...limits, timeIsUp: () => true, skip: 0, take: 5 }),
    ).toEqual({
      found: [],
      hasMore: false,
      complete: false,
    })
  })
})

describe('the text of a recording', () => {
  async function textOf(events: CastEvent[]): Promise<string> {
    let text = ''
    for await (const part of castText(readEvents(await castOf(events)))) text += part
    return text
  }

  it('is all that was printed: corrected typing as it ended, each step of a progress bar, long lines whole', async () => {
    const long = 'w'.repeat(200)
    const text = await textOf([
      [0, 'o', 'progress 10 %\rprogress 99 %\r\n'],
      [1, 'o', `\x1b[31mred\x1b[0m\r\n${long}\r\nrebooz\b \bt`],
      [2, 'i', 'typed'],
    ])
    expect(text).toBe(`progress 10 %\nprogress 99 %\nred\n${long}\nreboot\n`)
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

  it('keeps a cleared screen, and what a full-screen program drew', async () => {
    const text = await textOf([
      [0, 'o', 'GNU GRUB\r\nDebian\x1b[2J\x1b[HLinux version 6\r\n'],
      [1, 'o', '\x1b[?1049h\x1b[Hvi was here\x1b[?1049l# '],
    ])
    expect(text).toBe('GNU GRUB\nDebian\nLinux version 6\nvi was here\n#\n')
  })

  it('does not join what stood before and after a break', async () => {
    const text = await textOf([
      [0, 'o', 'one\x1b[3'],
      [0.1, 'm', 'line lost'],
      [0.2, 'o', '1 two\r\n'],
    ])
    expect(text).toBe('one1 two\n')
  })
})
