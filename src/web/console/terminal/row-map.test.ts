import type { Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Guard } from '../../../shared/guard/guard.ts'
import { headless } from '../../../testing/web/headless.ts'
import { CostlySequences } from './costly.ts'
import { RowMap } from './row-map.ts'
import { ScreenHistory } from './screen-history.ts'

/** A terminal as the page wires it, with the bytes that it was given. */
function start(size: { cols?: number; rows?: number; scrollback?: number } = {}) {
  const terminal = headless({ cols: 20, rows: 6, scrollback: 30, ...size })
  const map = new RowMap(terminal)
  new CostlySequences(terminal)
  new ScreenHistory(terminal)
  const guard = new Guard(() => terminal)
  const decoder = new TextDecoder()
  let all = new Uint8Array()
  let waiting = ''
  /** Bytes come, and become text that waits. */
  const comes = (bytes: Uint8Array) => {
    const at = all.length
    const joined = new Uint8Array(at + bytes.length)
    joined.set(all)
    joined.set(bytes, at)
    all = joined
    const text = guard.push(decoder.decode(bytes, { stream: true }))
    if (text === '') return
    map.queue(text, { bytes, at })
    waiting += text
  }
  /** The terminal takes in so much of what waits. */
  const takes = (length = waiting.length) =>
    new Promise<void>((done) => {
      const text = waiting.slice(0, length)
      waiting = waiting.slice(length)
      terminal.write('', () => map.begin([text.slice(0, 3), text.slice(3)]))
      terminal.write(text, () => {
        map.done()
        done()
      })
    })
  const says = async (text: string) => {
    comes(new TextEncoder().encode(text))
    await takes()
  }
  /** What the machine said from the row's place on, without colours */
  const saidAt = (row: number) => {
    const at = map.beginOf(row)
    return at === null ? null : new TextDecoder().decode(all.subarray(at)).replace(/\x1b\[[\d;]*m/g, '')
  }
  return { terminal, map, comes, takes, says, saidAt, waiting: () => waiting.length }
}

/** The first row of each line, with its text in one piece */
function linesOf(terminal: Terminal): { row: number; text: string }[] {
  const { normal } = terminal.buffer
  const lines: { row: number; text: string }[] = []
  for (let row = 0; row < normal.length; row++) {
    const line = normal.getLine(row)
    const text = line?.translateToString(true) ?? ''
    const last = lines.at(-1)
    if (!line?.isWrapped) lines.push({ row, text })
    // What is left of a line whose beginning went begins nothing.
    else if (last) last.text += text
  }
  return lines
}

describe('the byte at which a row begins', () => {
  it('is the one after the line feed before it, also of rows that are wrapped', async () => {
    const { map, says } = start()
    await says(`one\r\n${'x'.repeat(45)}\r\n\r\nfour`)
    expect([0, 1, 2, 3, 4, 5].map((row) => map.beginOf(row))).toEqual([0, 5, 5, 5, 52, 54])
    expect(map.oldest).toEqual({ row: 0, at: 0 })
  })

  const piece = fc.oneof(
    fc.constantFrom('\r\n', '\n', '\r\n\r\n', 'x'.repeat(50), '\x1b[31m', '\x1b[0m', 'žluť—', '日本語', '🚀'),
    fc.stringMatching(/^[a-z ]{1,30}$/),
  )
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('says' as const), pieces: fc.array(piece) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('takes' as const),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('resizes' as const),
        cols: fc.integer({ min: 8, max: 40 }),
        rows: fc.integer({ min: 3, max: 12 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('full screen' as const) }) },
  )

  it('has the row’s text, however the bytes come, old rows go and the size changes', async () => {
    let seen = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const { terminal, comes, takes, saidAt, waiting } = start()
        let number = 0
        for (const next of steps) {
          if (next.kind === 'says') {
            const text = next.pieces.map((one) => (/\n/.test(one) ? `${one}${number++} ` : one)).join('')
            const bytes = new TextEncoder().encode(text)
            // Frames end anywhere, also within a character.
            for (let at = 0; at < bytes.length; at += 7) comes(bytes.slice(at, at + 7))
          } else if (next.kind === 'takes') await takes(Math.floor(next.part * waiting()))
          else if (next.kind === 'resizes') {
            // In a line that has not ended xterm.js puts the cursor elsewhere, and what follows is no row's text.
            comes(new TextEncoder().encode(`\r\n${number++} \r\n`))
            await takes()
            terminal.resize(next.cols, next.rows)
          }
          // At the right edge the cursor comes back to another place than it had.
          else
            comes(new TextEncoder().encode(`\r\n${number++} \x1b[?1049h\x1b[2;3Hediting\r\nmore\x1b[?1049l`))
        }
        await takes()
        for (const { row, text } of linesOf(terminal)) {
          if (text.trim() === '') continue
          // A full-screen program leaves its own text where the row goes on.
          const said = saidAt(row)?.replace(/\x1b\[\?1049h.*?\x1b\[\?1049l/gs, '')
          // A lone line feed leaves the cursor's column: blanks are no text.
          const plain = text.replace(/\s/g, '')
          expect(said?.replace(/\s/g, '').slice(0, plain.length)).toBe(plain)
          seen++
        }
        terminal.dispose()
      }),
      { numRuns: 60 },
    )
    expect(seen).toBeGreaterThan(300)
  }, 120_000)

  it('is known of the rows that a cleared screen left in the scrollback', async () => {
    const { terminal, says, saidAt } = start()
    await says('first\r\nsecond\r\nthird')
    await says('\x1b[H\x1b[2Jfourth\r\nfifth')
    const lines = linesOf(terminal).filter(({ text }) => text !== '')
    expect(lines.map(({ text }) => text)).toEqual(['first', 'second', 'third', 'fourth', 'fifth'])
    for (const { row, text } of lines.slice(0, 3)) expect(saidAt(row)?.startsWith(text)).toBe(true)
    // To the piece that wrote it
    expect(saidAt(lines[3]?.row ?? 0)).toContain('fourth')
    expect(saidAt(lines[3]?.row ?? 0)).not.toContain('third')
    expect(saidAt(lines[4]?.row ?? 0)).toBe('fifth')
  })

  it('moves to the piece that rewrote the row, and only where that wrote', async () => {
    const { map, says } = start()
    await says('one\r\ntwo\r\nthree\r\n')
    await says('\x1b[s\x1b[1;1H\x1b[2;1HTWO\x1b[u')
    expect([0, 1, 2].map((row) => map.beginOf(row))).toEqual([0, 17, 10])
  })

  it('is that of the next byte for a line of our own', async () => {
    const { terminal, map, says } = start()
    await says('one')
    map.queue('\r\nseam\r\n', null)
    await new Promise<void>((done) => {
      terminal.write('', () => map.begin(['\r\nseam\r\n']))
      terminal.write('\r\nseam\r\n', () => {
        map.done()
        done()
      })
    })
    await says('two\r\nthree')
    expect([0, 1, 2, 3].map((row) => map.beginOf(row))).toEqual([0, 3, 3, 8])
  })

  it('begins with the first line of which nothing has gone', async () => {
    const { terminal, map, says } = start({ scrollback: 4, rows: 3 })
    await says(`${'x'.repeat(150)}\r\nnext\r\n${'y\r\n'.repeat(3)}`)
    expect(terminal.buffer.normal.getLine(0)?.isWrapped).toBe(true)
    expect(map.oldest).toEqual({ row: 2, at: 152 })
    expect(map.beginOf(0)).toBeNull()
  })

  it('is found without a look at all rows for each of them', async () => {
    const { terminal, map, says } = start({ scrollback: 3_000 })
    await says(`first\r\n${'x'.repeat(20 * 1_000)}\r\n${'y\r\n'.repeat(2_500)}`)
    expect(terminal.buffer.normal.getLine(0)?.isWrapped).toBe(true)
    const begins = vi.spyOn(map, 'begins')
    const { at } = [...map.begins()][0] ?? { at: 0 }
    begins.mockClear()
    expect(map.rowAt(at)).not.toBeNull()
    expect(begins).toHaveBeenCalledOnce()
  })

  it('is right again after sequences that swallow line feeds', async () => {
    const { terminal, says, saidAt } = start()
    await says('one\r\n')
    await says('\x1bPq\n\n\x1b\\two\r\nthree')
    await says('\r\nfour')
    const fourth = linesOf(terminal).find(({ text }) => text === 'four')
    expect(saidAt(fourth?.row ?? 0)).toBe('four')
  })
})
