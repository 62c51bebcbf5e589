import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { linesBack, logFiles, rotationOf } from './read-back.ts'

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'audit-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

describe('reading backwards', () => {
  it('gives every line once, last first, whatever the lengths, from any line on', async () => {
    const path = join(await folder(), 'log')
    const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 60_000, max: 65_000 }))
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 12 }), fc.nat(), async (lengths, pick) => {
        // Multi-byte, so that a chunk's edge is inside a character.
        const lines = lengths.map((count, index) => `${index}${'é'.repeat(count / 2)}`)
        const text = lines.map((line) => `${line}\n`)
        await writeFile(path, text.join(''))
        const kept = lines.length === 0 ? 0 : pick % (lines.length + 1)
        const file = await open(path, 'r')
        const read: { start: number; text: string }[] = []
        const end = Buffer.byteLength(text.slice(0, kept).join(''))
        for await (const chunk of linesBack(file, end)) read.push(...chunk)
        await file.close()
        expect(read.map((line) => line.text)).toEqual(lines.slice(0, kept).reverse())
        expect(read.map((line) => line.start)).toEqual(
          lines
            .slice(0, kept)
            .map((_, index) => Buffer.byteLength(text.slice(0, index).join('')))
            .reverse(),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('keeps little of a line that never ends', async () => {
    const path = join(await folder(), 'log')
    await writeFile(path, `first\n${'x'.repeat(1_000_000)}\nlast`)
    const file = await open(path, 'r')
    const texts: string[] = []
    for await (const chunk of linesBack(file, 1_000_011)) texts.push(...chunk.map(({ text }) => text))
    await file.close()
    expect(texts.map((text) => text.slice(0, 5))).toEqual(['last', 'xxxxx', 'first'])
    expect(texts[1]?.length).toBeLessThan(200_000)
  })
})

describe('the files of a log', () => {
  it('are itself and its numbered ones, newest first', async () => {
    const dir = await folder()
    for (const name of [
      'audit.log.10',
      'audit.log.2',
      'audit.log',
      'audit.log.3.gz',
      'audit.log.1',
      'other.1',
    ]) {
      await writeFile(join(dir, name), `of ${name}\n`)
    }
    await writeFile(join(dir, 'audit.log.4'), '')
    const files = await logFiles(join(dir, 'audit.log'))
    expect(files.map(({ path }) => path.slice(dir.length + 1))).toEqual([
      'audit.log',
      'audit.log.1',
      'audit.log.2',
      'audit.log.10',
    ])
    expect(new Set(files.map(({ identity }) => identity)).size).toBe(4)
  })

  it('are told by their whole name', () => {
    const names = [
      'audit.log.1',
      'audit.log.12',
      'audit.log',
      'audit.log.0',
      'audit.log.01',
      'audit.log.1.gz',
      'x.1',
    ]
    expect(names.map((name) => rotationOf('audit.log', name))).toEqual([1, 12, 0, 0, 0, 0, 0])
  })
})
