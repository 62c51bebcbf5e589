import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CastEvent, encodeEvent, encodeHeader, readEvents } from './cast.ts'
import { castText } from './cast-lines.ts'

async function castOf(events: CastEvent[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cast-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'x.cast')
  await writeFile(path, encodeHeader({ title: 't', startedAt: 0 }) + events.map(encodeEvent).join(''))
  return path
}

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
